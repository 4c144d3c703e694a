import type { Readable } from 'node:stream';

/** How a task is to be run. Times are milliseconds. */
export interface SpoolOptions {
  /** Not before this time. */
  readonly at?: Date | number;
  /** Not before so much time has passed. */
  readonly delay?: number;
  /** From 0, which runs first, to 9; 5 unless it is said. */
  readonly priority?: number;
  /** How often it is run again after a failure; 3 unless it is said. */
  readonly retries?: number;
  /** How long it waits before the first retry, doubled for each further one; 1000 unless it is said. */
  readonly backoff?: number;
  /** How long a run may take; without it as long as it likes. */
  readonly timeout?: number;
  /** While a task with this key waits or runs, no second one is put in. */
  readonly dedupeKey?: string;
  /** Bytes beside the payload, at most 64 MiB. */
  readonly body?: Buffer | Uint8Array | Readable;
  /** The folder or the URL of the queue; the first `--spooler` unless it is said. */
  readonly queue?: string;
}
