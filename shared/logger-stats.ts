/** What became of the lines that a logger was given. */
export interface LoggerStats {
  /** As it was asked for, such as `file:/var/log/app.log`; `stdio`. */
  name: string;
  /** Lines that were written or sent. */
  lines: number;
  bytes: number;
  /** Lines that had no room, or that nobody took. */
  dropped: number;
}
