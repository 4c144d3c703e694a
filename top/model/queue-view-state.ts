import type { TaskList } from './task-list.js';

/** What the server listed of a queue. */
export interface ListedTasks extends TaskList {
  /** When they came. */
  readonly at: number;
}

/** The queue that is looked at closely. */
export interface QueueDetail {
  /** As in `spoolers[]`. */
  readonly queue: string;
  /** The marked task. `index` is where it was seen last, for the next ↑ or ↓ only. */
  readonly mark: { readonly id: string; readonly index: number } | null;
  /** The first line of the window. */
  readonly top: number;
  /** The command whose answer is awaited; null while none is. */
  readonly asked: { readonly id: number; readonly at: number } | null;
  /** When its tasks were asked for last, and what the queue held then. */
  readonly last: { readonly at: number; readonly held: string } | null;
  /** Null until they were told. */
  readonly listed: ListedTasks | null;
  /** Why the last question was not answered, safe to draw; null when it was. */
  readonly problem: string | null;
}
