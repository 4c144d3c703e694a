import type { ChangingCommand } from '../../shared/commands.js';
import { readColumns } from './column-choice.js';
import type { ColumnId } from './column-specs.js';
import type { ControlState } from './client-event.js';
import { type EventLog, type HappenedEvent, NO_EVENTS } from './events.js';
import { type Connection, type Freshness, freshness } from './connection.js';
import type { Appearance, ThemeName } from './appearance.js';
import type { Mark } from './difference.js';
import type { RowIdentity } from './rows.js';
import { sanitizeShort } from './sanitize.js';
import type { Screen, View } from './screens.js';
import { EMPTY_HISTORY, type History } from './series.js';
import type { Shown } from './shown.js';
import type { Sort } from './sort-keys.js';
import type { PutOff } from './put-off.js';
import { NOTHING_KEPT, type TimeRing } from './time-ring.js';

export type { Shown } from './shown.js';

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

/** The line in which a command is typed. */
export interface Prompt {
  readonly text: string;
  /** Characters behind the cursor; absent at the end. */
  readonly after?: number;
  /** How many commands back in what was run before; 0 for the line of one's own. */
  readonly back: number;
  /** That line, while an earlier one is shown. */
  readonly draft: string;
  /** Why it could not be run, until the next key; null when nothing is wrong. */
  readonly problem: string | null;
}

/** A word to the person, such as why a key did nothing. */
export interface Hint {
  readonly text: string;
  readonly at: number;
}

/** The screen stands still: it shows an earlier moment, while the present goes on behind it. */
export interface Past {
  /** Whether it was stopped where it was, and has not been moved since. */
  readonly isPause: boolean;
  /** Milliseconds to the moment before it in memory; null when that is not known. */
  readonly apart: number | null;
  /** What would be shown now. */
  readonly live: Pick<Model, 'shown' | 'history' | 'events'>;
}

/** Everything the dashboard knows. Times without a unit are monotonic milliseconds. */
export interface Model {
  readonly address: string;
  readonly ascii: boolean;
  readonly theme: ThemeName;
  /** Whether clicks and the wheel are asked for. */
  readonly mouse: boolean;
  /** Whether the terminal shows colours, and more than ASCII. */
  readonly colours: boolean;
  readonly unicode: boolean;
  /** The view that is shown first. */
  readonly startView: View;
  readonly width: number;
  readonly height: number;
  readonly now: number;
  /** Milliseconds since 1970; null before the first tick. */
  readonly wallMs: number | null;
  readonly connection: Connection;
  readonly shown: Shown | null;
  readonly history: History;
  readonly screen: Screen;
  readonly table: TableState;
  readonly events: EventLog;
  /** What can be gone back to; the newest document is taken in after its picture is out. */
  readonly ring: PutOff<TimeRing>;
  /** How many times as fast as real time a recording is shown, 0 for at once; null with a server. */
  readonly speed: number | null;
  /** How long the recording is; null where that is not known, and with a server. */
  readonly recordingMs: number | null;
  /** Null: what is shown is what is. */
  readonly past: Past | null;
  /** The moment that was marked first, while no second one is. */
  readonly mark: Mark | null;
  readonly eventList: EventList;
  readonly others: OtherList;
  /** Null until a worker is opened. */
  readonly detail: WorkerDetail | null;
  readonly requestList: RequestList;
  readonly control: ControlState;
  readonly overlay: Overlay;
  /** The reload that begins with one worker; null while there is none. */
  readonly canary: Canary | null;
  /** Null while no command is typed. */
  readonly prompt: Prompt | null;
  /** What was typed there before, the newest last. */
  readonly promptLog: readonly string[];
  /** Newest last. */
  readonly commands: readonly SentCommand[];
  readonly nextCommandId: number;
  readonly hint: Hint | null;
  readonly intervalMs: number;
  /** The interval that `f` returns to; null while not in fast mode. */
  readonly intervalBeforeFast: number | null;
}

export interface ModelConfig extends Partial<Omit<Appearance, 'ascii'>> {
  readonly address: string;
  readonly intervalMs: number;
  readonly ascii: boolean;
  readonly width: number;
  readonly height: number;
  /** Whether the terminal shows colours, and more than ASCII; taken for granted without it. */
  readonly colours?: boolean;
  readonly unicode?: boolean;
  /** What is wrong with the file of settings, a sentence each. */
  readonly warnings?: readonly string[];
  /** `--view`. */
  readonly view?: View | undefined;
  /** `--speed` of a recording; absent with a server. */
  readonly speed?: number | undefined;
  /** Its length in milliseconds; absent or null where it is not known. */
  readonly recordingMs?: number | null;
  /** `--sort`; by worker id without it. */
  readonly sort?: Sort | undefined;
  /** `--columns`; all without it. */
  readonly columns?: string | undefined;
}

/** Whole columns and lines, at least one: some terminals report 0 while they start. */
export function usableSize(size: { readonly width: number; readonly height: number }): {
  readonly width: number;
  readonly height: number;
} {
  const whole = (value: number): number => Math.max(1, Math.floor(value) || 1);
  return { width: whole(size.width), height: whole(size.height) };
}

/** The columns of a `--columns` that was checked before; null without it. */
function chosenColumns(text: string | undefined): readonly ColumnId[] | null {
  const read = text === undefined ? null : readColumns(text);
  return read?.ok === true ? read.value : null;
}

/** The first of several warnings, and how many there are. */
function firstHint([first, ...others]: readonly string[]): Hint | null {
  if (first === undefined) return null;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return { text: first + more, at: 0 };
}

/** The state before anything happened. */
export function initialModel(config: ModelConfig): Model {
  return {
    address: sanitizeShort(config.address),
    ascii: config.ascii,
    theme: config.theme ?? 'default',
    mouse: config.mouse ?? true,
    colours: config.colours ?? true,
    unicode: config.unicode ?? true,
    startView: config.view ?? 'overview',
    ...usableSize(config),
    now: 0,
    wallMs: null,
    connection: { state: 'connecting', since: 0 },
    shown: null,
    history: EMPTY_HISTORY,
    screen: config.view ?? 'overview',
    events: NO_EVENTS,
    ring: NOTHING_KEPT,
    past: null,
    mark: null,
    speed: config.speed ?? null,
    recordingMs: config.recordingMs ?? null,
    eventList: { mark: null, filter: { text: '', editing: false }, top: 0 },
    others: { filter: { text: '', editing: false }, top: 0 },
    detail: null,
    requestList: { mark: null, filter: { text: '', editing: false }, top: 0 },
    table: {
      sort: config.sort ?? { by: 'wid', descending: false },
      memorySort: { by: 'rss', descending: true },
      filter: { text: '', editing: false },
      selection: null,
      tags: [],
      top: 0,
      cores: false,
      columns: chosenColumns(config.columns),
      left: 0,
    },
    control: { available: false, reason: 'not connected yet' },
    overlay: { kind: 'none' },
    canary: null,
    prompt: null,
    promptLog: [],
    commands: [],
    nextCommandId: 1,
    hint: firstHint(config.warnings ?? []),
    intervalMs: config.intervalMs,
    intervalBeforeFast: null,
  };
}

/** How fresh the picture is, or that it is one of the past, so many milliseconds old. */
export type Currency = Freshness | { readonly kind: 'past'; readonly age: number };

/** How fresh the shown document is. */
export function modelFreshness(model: Model): Currency {
  if (model.past !== null) {
    return { kind: 'past', age: Math.max(0, model.now - (model.shown?.at ?? model.now)) };
  }
  return freshness(model.connection, {
    now: model.now,
    documentAt: model.shown?.at ?? null,
    intervalMs: model.intervalMs,
  });
}

/**
 * Whether the numbers claim to be of now and may not be. Those of the past claim nothing: the header
 * says of when they are.
 */
export function isOutdated(model: Model): boolean {
  const { kind } = modelFreshness(model);
  return kind !== 'live' && kind !== 'past';
}

/**
 * The server's clock when it made the shown document, seconds since 1970. tsuwsgi says it; for
 * uWSGI it is our own clock at the arrival; null before the first tick.
 */
export function documentTime(model: Model): number | null {
  if (model.shown === null) return null;
  const { document, at } = model.shown;
  if (document.kind === 'instance' && document.instance.time !== undefined) {
    return document.instance.time;
  }
  return model.wallMs === null ? null : (model.wallMs - (model.now - at)) / 1000;
}

/** The server's clock now, as far as it is known: that of the shown document, and what passed since. */
export function serverTime(model: Model): number | null {
  const shown = documentTime(model);
  if (shown !== null && model.shown !== null) return shown + (model.now - model.shown.at) / 1000;
  return model.wallMs === null ? null : model.wallMs / 1000;
}
