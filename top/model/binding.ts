import type { Model } from './model.js';
import type { TimeMove } from './past.js';
import type { Screen, View } from './screens.js';

/** Everything that a key can do. */
export type Action =
  | View
  | ('tasks' | 'queue-before' | 'queue-after' | 'retry-task' | 'drop-task' | 'pause-queue')
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'next-screen'
  | 'previous-screen'
  | 'open'
  | 'detail'
  | 'stack'
  | 'leave'
  | 'jump'
  | 'columns'
  | 'columns-left'
  | 'columns-right'
  | 'tag'
  | 'untag'
  | 'filter'
  | 'prompt'
  | 'settings'
  | 'mark'
  | 'copy'
  | 'sort'
  | 'reverse'
  | 'cores'
  | 'reload-worker'
  | 'reload'
  | 'kill'
  | 'worker-memory'
  | 'add-worker'
  | 'drop-worker'
  | 'help'
  | 'close'
  | 'quit'
  | 'slower'
  | 'faster'
  | 'fast'
  | 'pause'
  | TimeMove
  | 'now'
  | 'half-speed'
  | 'double-speed'
  | 'redraw'
  | 'suspend';

export type Group = 'Move' | 'Look' | 'Time' | 'Change' | 'Program';

/** A key binding: from these the dispatcher, the help and the key bar are made. */
export interface Binding {
  readonly action: Action;
  readonly keys: readonly string[];
  readonly group: Group;
  readonly help: string;
  /** The views where the key has its meaning; all without it. */
  readonly on?: readonly Screen[];
  /** In the key bar: what to call it, and its rank there (0 stays longest). */
  readonly bar?: { readonly label: string; readonly rank: number };
  /** Why the key does nothing now; null when it works. Without it the key always works. */
  readonly disabledReason?: (model: Model) => string | null;
}
