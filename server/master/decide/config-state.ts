/** What is known of the configuration. Each change is a text, `processes: 4 → 6`. */
export interface ConfigState {
  /** The files that were read last, absolute. */
  readonly files: readonly string[];
  /** When it was read last, whatever came of it. */
  readonly readAt: number;
  /** When what holds now came to hold. */
  readonly takenAt: number;
  /** What the last one changed that was taken. */
  readonly changed: readonly string[];
  /** What waits for a new master. */
  readonly pending: readonly string[];
  /** Why the one that was read last was not taken; empty when it was. */
  readonly problems: readonly string[];
}

/** That of an instance that has just started. */
export function configAtStart(files: readonly string[], now: number): ConfigState {
  return { files, readAt: now, takenAt: now, changed: [], pending: [], problems: [] };
}
