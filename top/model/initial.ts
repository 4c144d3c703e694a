import type { Appearance } from './appearance.js';
import { readColumns } from './column-choice.js';
import type { ColumnId } from './column-specs.js';
import { NO_EVENTS } from './events.js';
import type { Hint, Model } from './model.js';
import { sanitizeShort } from './sanitize.js';
import type { View } from './screens.js';
import { EMPTY_HISTORY } from './series.js';
import type { Sort } from './sort-keys.js';
import { NOTHING_KEPT } from './time-ring.js';

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
    queue: null,
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
