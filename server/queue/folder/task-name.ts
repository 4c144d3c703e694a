/** What the name of a task's file tells: all that changes in its life. */
export interface TaskName {
  /**
   * When it is due, in microseconds since 1970. Of a task that was put in for at once it is the time
   * of its putting in, and no process gives one twice, so that names sort in the order of putting in.
   */
  readonly due: number;
  readonly priority: number;
  /** Runs that began. */
  readonly attempt: number;
  /** 32 hexadecimal digits. */
  readonly id: string;
}

/** The last microsecond that a name can tell: in the year 2255. */
export const LAST_DUE = Number.MAX_SAFE_INTEGER;

const NAME = /^(\d{16})-(\d)-(\d{6})-([0-9a-f]{32})\.task$/;

/** The name of the file; names sort by when they are due. */
export function encodeName({ due, priority, attempt, id }: TaskName): string {
  return `${digits(due, 16)}-${priority}-${digits(attempt, 6)}-${id}.task`;
}

/** Reads a name; null when it is no task's. */
export function decodeName(name: string): TaskName | null {
  const [, due, priority, attempt, id] = NAME.exec(name) ?? [];
  if (id === undefined || Number(due) > LAST_DUE) return null;
  return { due: Number(due), priority: Number(priority), attempt: Number(attempt), id };
}

/** A whole number with zeros in front, so that text sorts as numbers do. */
export function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

/** A clock move back by no more than this (NTP sets clocks) does not change the order of tasks. */
const SMALL_JUMP_US = 1_000_000;

/** Gives times in microseconds, each later than the one before, unless the clock was set back. */
export function createStamps(now: () => number): () => number {
  let last = 0;
  return () => {
    const at = Math.floor(now()) * 1000;
    if (at > last || last - at > SMALL_JUMP_US) last = at;
    else last += 1;
    return last;
  };
}
