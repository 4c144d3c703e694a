import type { Severity } from '../log.js';

/** Who wrote lines. */
export interface LineOrigin {
  /** `spooler recovery` has no id. */
  readonly process: 'master' | 'worker' | 'http' | 'spooler';
  /** From 1 on; null for the master, and for what only recovers a queue. */
  readonly id: number | null;
  readonly pid: number;
  /** Null for the lines of the master and for those of requests. */
  readonly stream: 'stdout' | 'stderr' | null;
}

/** Whole lines that are written together. */
export interface LogBlock {
  /** Ends with a newline. */
  readonly data: Buffer;
  readonly lines: number;
  readonly severity: Severity;
  /** Milliseconds since 1970. */
  readonly at: number;
}
