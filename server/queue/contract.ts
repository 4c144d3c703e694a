import type { Readable } from 'node:stream';
import type { QueueAdmin } from './admin.js';

/** What is asked for when a task is put into a queue. */
export interface TaskOrder {
  /** Which function of the tasks module runs it. */
  readonly name: string;
  /** JSON: what `JSON.stringify` made of the payload. */
  readonly payload: string;
  /** Bytes beside the payload, at most MOST_BODY; null: none. */
  readonly body: Buffer | Readable | null;
  /** Not before this time, in milliseconds since 1970; null: as soon as possible. */
  readonly at: number | null;
  /** From 0, which runs first, to 9. */
  readonly priority: number;
  /** How often it is run again after a failure. */
  readonly retries: number;
  /** Milliseconds to wait before the first retry; doubled for each further one, with jitter. */
  readonly backoff: number;
  /** Milliseconds a run may take; null: as long as it likes. */
  readonly timeout: number | null;
  /** While a task with this key waits or runs, no second one is put in; null: it has none. */
  readonly dedupeKey: string | null;
}

/** The largest body of a task, in bytes. */
export const MOST_BODY = 64 * 1024 * 1024;

/** A task that one spooler has, and nobody else, until it is settled. */
export interface ClaimedTask {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
  /** Its bytes, from the beginning with each call; null: it has none. */
  readonly body: (() => Readable) | null;
  /** Which run this is, from 1; runs that were cut count too. */
  readonly attempt: number;
  readonly order: Pick<TaskOrder, 'priority' | 'retries' | 'backoff' | 'timeout' | 'dedupeKey'>;
  /** When it was put in, in milliseconds since 1970. */
  readonly spooledAt: number;
}

/** How a run ended. */
export type Outcome =
  | { readonly type: 'done' }
  /** It is run again while it has retries left, and kept among the failed ones after that. */
  | { readonly type: 'failed'; readonly error: string }
  /** It was not run to its end, through no fault of its own: it is offered again at once. */
  | { readonly type: 'returned' };

export interface QueueCounts {
  readonly waiting: number;
  readonly delayed: number;
  readonly in_progress: number;
  readonly failed: number;
  /** Seconds the oldest waiting task has waited; null: none waits. */
  readonly oldest_age_s: number | null;
  /** Whether nothing is claimed until it is resumed. */
  readonly paused: boolean;
}

/** Where tasks wait: a folder, or a Redis. */
export interface Queue extends QueueAdmin {
  /**
   * Settles with the id once the task is durable: from then on it is run at least once, whatever
   * dies. `isNew`: false where a task with its `dedupeKey` was there already. Rejects with a
   * QueueError, and then the task never runs.
   */
  put(order: TaskOrder): Promise<{ readonly id: string; readonly isNew: boolean }>;
  /** The next task that is due, or null: there is none. Never the same one to two callers. */
  claim(): Promise<ClaimedTask | null>;
  /** Tells how the run of a claimed task ended; settles once that is durable. */
  settle(task: ClaimedTask, outcome: Outcome): Promise<'done' | 'retried' | 'failed' | 'returned'>;
  /** Offers again what spoolers had that no longer live; how many that were. */
  recover(): Promise<number>;
  /** Calls back soon after there may be something to claim; until the returned function is called. */
  watch(onChange: () => void): () => void;
  counts(): Promise<QueueCounts>;
  close(): Promise<void>;
}
