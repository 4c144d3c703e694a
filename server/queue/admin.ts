/** Where a task of a queue is. */
export type TaskState = 'waiting' | 'delayed' | 'running' | 'failed';

/** One line about a task. */
export interface TaskEntry {
  readonly id: string;
  readonly name: string;
  readonly state: TaskState;
  readonly priority: number;
  /** Runs that began. */
  readonly attempts: number;
  /** When it is or was due, in milliseconds since 1970. */
  readonly due: number;
}

/** A run that did not end well. */
export interface FailedRun {
  /** Which run it was, from 1. */
  readonly attempt: number;
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly error: string;
}

/** All that is known of a task. */
export interface TaskDetail extends TaskEntry {
  readonly payload: unknown;
  /** Bytes beside the payload; null: it has none. */
  readonly bodyLength: number | null;
  readonly retries: number;
  readonly backoff: number;
  readonly timeout: number | null;
  readonly dedupeKey: string | null;
  readonly spooledAt: number;
  /** The oldest first; those that are known. */
  readonly failures: readonly FailedRun[];
}

/** What became of an order about a task, which may have moved on since it was looked at. */
export type Verdict =
  | 'done'
  /** No such task: it has run, or never was. */
  | 'unknown'
  /** A spooler runs it: nobody else may touch it. */
  | 'running';

/** What people do with a queue: looking into it, and setting right what went wrong. */
export interface QueueAdmin {
  /** The first tasks of a state, those first that come next (of the failed ones the latest). */
  list(state: TaskState, most: number): Promise<readonly TaskEntry[]>;
  /** Null: there is no such task. */
  show(id: string): Promise<TaskDetail | null>;
  /** A task that failed, or is for later, is offered at once, with all its retries. */
  retry(id: string): Promise<Verdict>;
  /** A task that is not running is removed for good, with its key. */
  drop(id: string): Promise<Verdict>;
  /** While a queue is paused nothing of it is claimed, in any process; that outlives them all. */
  pause(isPaused: boolean): Promise<void>;
}
