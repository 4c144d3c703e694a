/** What the configuration was read from, and what became of it. A change is a text, `processes: 4 → 6`. */
export interface ConfigStats {
  /** Absolute paths; `-` is standard input. Empty where all stands on the command line. */
  files: string[];
  /** Seconds since 1970, fraction: when it was read last, at the start or for a reload. */
  read_at: number;
  /** Seconds since 1970, fraction: when what holds now came to hold. */
  taken_at: number;
  /** What the last reload that took it has changed. */
  changed: string[];
  /** What stays as it was until an upgrade or a restart. */
  pending: string[];
  /** Why what was read last does not hold; empty when it does. */
  problems: string[];
}
