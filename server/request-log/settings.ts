/** What is logged of requests, and how; told to each process that logs them. */
export interface LogSettings {
  readonly form: LogForm;
  /** Whether the default line gives microseconds. */
  readonly inMicros: boolean;
  /** Whether lines have the memory of the process. */
  readonly hasMemory: boolean;
  /** Null: every request is logged. */
  readonly only: LogConditions | null;
  /** Peers whose X-Forwarded-For is believed; null where the log has the peer itself. */
  readonly trusted: readonly string[] | null;
}

/** uWSGI's default line, an object a line, or what `--log-format` says. */
export type LogForm =
  | { readonly type: 'line' }
  | { readonly type: 'json' }
  | { readonly type: 'format'; readonly text: string };

/** Which requests are logged where not all are: one that holds is enough. */
export interface LogConditions {
  /** Took so many milliseconds or more. */
  readonly slowMs: number | null;
  /** Has a larger body of the answer. */
  readonly bigBytes: number | null;
  readonly clientErrors: boolean;
  readonly serverErrors: boolean;
  /** Has an answer without a body. */
  readonly empty: boolean;
  /** Its client left before the end of the answer. */
  readonly cutOff: boolean;
}
