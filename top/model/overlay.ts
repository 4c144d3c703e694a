import type { ChangingCommand } from '../../shared/commands.js';
import type { ColumnId } from './column-specs.js';
import type { Mark } from './difference.js';
import type { HappenedEvent } from './events.js';
import type { RowIdentity } from './rows.js';

/** A reload that begins with one worker, and goes on only when a person has looked at it. */
export interface Canary {
  /** The first one is being replaced, is being looked at, or the others are being replaced. */
  readonly stage: 'first' | 'watched' | 'rest';
  /** The worker that went first. */
  readonly worker: number;
  /** The command under way. */
  readonly id: number;
  /** Who has still to be replaced. */
  readonly rest: readonly RowIdentity[];
  /** How many have been, of how many. */
  readonly replaced: number;
  readonly total: number;
  /** What the first one had counted when it was new, and when that was. */
  readonly base: { readonly at: number; readonly requests: number; readonly exceptions: number };
}

/** What lies over the table and takes the keys. */
export type Overlay =
  | { readonly kind: 'none' }
  | { readonly kind: 'help'; readonly scroll: number }
  | { readonly kind: 'sort'; readonly choice: number }
  | {
      readonly kind: 'columns';
      readonly choice: number;
      /** All columns, as the list has them. */
      readonly order: readonly ColumnId[];
    }
  | { readonly kind: 'event'; readonly event: HappenedEvent; readonly scroll: number }
  | { readonly kind: 'reloads'; readonly choice: number }
  | { readonly kind: 'settings'; readonly choice: number }
  /** What differs between two marks, the earlier first. */
  | {
      readonly kind: 'difference';
      readonly from: Mark;
      readonly to: Mark;
      readonly scroll: number;
    }
  | { readonly kind: 'signals'; readonly targets: readonly RowIdentity[]; readonly choice: number }
  | {
      readonly kind: 'confirm';
      /** One, or one for each tagged worker. */
      readonly commands: readonly ChangingCommand[];
      readonly focus: 'cancel' | 'act';
      /** What was typed where a word is asked for. */
      readonly typed: string;
      /** Of a canary reload: who comes after the one that is asked about. */
      readonly rest?: readonly RowIdentity[];
    }
  | { readonly kind: 'memory'; readonly target: RowIdentity; readonly choice: number }
  /** Who allocates in a worker, as its heap profile says, or what grew between two snapshots. */
  | {
      readonly kind: 'allocators';
      readonly of: 'heap-profile' | 'compare-snapshots';
      readonly worker: number;
      readonly lines: readonly string[];
      readonly scroll: number;
    }
  | { readonly kind: 'canary'; readonly focus: 'stop' | 'go' }
  | {
      readonly kind: 'outcomes';
      /** The commands that were sent together. */
      readonly ids: readonly number[];
      /** Why nothing was sent to others, a sentence each. */
      readonly skipped: readonly string[];
    };

export type CommandState = 'sent' | 'accepted' | 'done' | 'failed' | 'timed-out' | 'lost';

/** A command that was sent, and what became of it. */
export interface SentCommand {
  readonly id: number;
  readonly command: ChangingCommand;
  readonly state: CommandState;
  /** What the server said last; empty while it said nothing. */
  readonly message: string;
  /** When it was sent. */
  readonly sentAt: number;
  /** When `state` changed last. */
  readonly at: number;
}
