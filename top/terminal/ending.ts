/** How the program ends. */
export interface Ending {
  /** 0 when asked to, 128 + n for a signal, 1 for an error. */
  readonly code: number;
  /** For stderr, once the terminal is given back. */
  readonly message?: string;
}
