import type { ChangingCommand } from '../../shared/commands.js';
import type { Overlay } from './overlay.js';
import type { RowIdentity } from './rows.js';
import type { SortId } from './sort-keys.js';

/**
 * What a place on the screen stands for. A click tells this and no coordinates, so that it means what
 * was to be seen there, wherever that has moved since.
 */
export type Target =
  /** As if this key were pressed. */
  | { readonly kind: 'key'; readonly key: string }
  /** The title of a column. */
  | { readonly kind: 'sort'; readonly by: SortId }
  | { readonly kind: 'worker'; readonly identity: RowIdentity }
  | { readonly kind: 'request'; readonly key: string }
  | { readonly kind: 'event'; readonly key: string }
  | { readonly kind: 'task'; readonly id: string }
  /** A line of a menu. */
  | { readonly kind: 'choice'; readonly of: Overlay['kind']; readonly index: number }
  /** A button of the question before these very commands. */
  | {
      readonly kind: 'button';
      readonly focus: 'cancel' | 'act';
      readonly commands: readonly ChangingCommand[];
    };
