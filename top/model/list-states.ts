import type { ColumnId } from './column-specs.js';
import type { RowIdentity } from './rows.js';
import type { View } from './screens.js';
import type { Sort } from './sort-keys.js';

export interface Filter {
  readonly text: string;
  readonly editing: boolean;
  /** Characters behind the cursor while it is edited; none, and absent, at the end. */
  readonly after?: number;
}

/** The marked row, by identity. `index` is where it was seen last, for the next ↑ or ↓ only. */
export interface Selection {
  readonly identity: RowIdentity;
  readonly index: number;
}

export interface TableState {
  readonly sort: Sort;
  /** The order of the memory view: it asks another question. */
  readonly memorySort: Sort;
  readonly filter: Filter;
  readonly selection: Selection | null;
  /** Processes that were chosen to be acted on together, in the order in which they were. */
  readonly tags: readonly RowIdentity[];
  /** The first line of the table's window. */
  readonly top: number;
  /** Whether requests in flight are listed under their worker. */
  readonly cores: boolean;
  /** The columns that were chosen, in their order; null for all. */
  readonly columns: readonly ColumnId[] | null;
  /** How many columns the table has been moved to the left by; the first one stays. */
  readonly left: number;
}

/** The list of events. Without a mark it follows what happens: the newest is marked and in sight. */
export interface EventList {
  /** `index` is where the marked one was seen last, for when it is gone or hidden. */
  readonly mark: { readonly key: string; readonly index: number } | null;
  readonly filter: Filter;
  /** The first line of the window. */
  readonly top: number;
}

/** The view of everything but the workers: lines to move over, without a mark. */
export interface OtherList {
  readonly filter: Filter;
  /** The first line in sight. */
  readonly top: number;
}

/** What a worker's process was doing when it was asked, or why that is not known. */
export interface Stack {
  /** Of the command that asked. */
  readonly id: number;
  readonly of: RowIdentity;
  readonly state: 'asked' | 'told' | 'refused';
  /** The answer, or one line with the reason; safe to draw. */
  readonly lines: readonly string[];
  /** When `state` changed last. */
  readonly at: number;
}

/** The worker that is looked at closely: a worker id, whatever process runs under it. */
export interface WorkerDetail {
  /** The process that was marked when it was opened. */
  readonly opened: RowIdentity;
  /** Where Esc leads. */
  readonly from: View;
  /** The first line in sight. */
  readonly top: number;
  readonly stack: Stack | null;
}

/** The list of all requests in flight. */
export interface RequestList {
  /** The marked request. `index` is where it was seen last, for the next ↑ or ↓ only. */
  readonly mark: { readonly key: string; readonly index: number } | null;
  readonly filter: Filter;
  /** The first line of the window. */
  readonly top: number;
}
