import { controlRefusal, workerRefusal } from './control-flow.js';
import type { Model } from './model.js';
import type { TimeMove } from './past.js';
import { speedRefusal } from './replay-speed.js';
import { type Screen, SCREENS } from './screens.js';

export type Action =
  | Screen
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'next-screen'
  | 'previous-screen'
  | 'open'
  | 'filter'
  | 'sort'
  | 'reverse'
  | 'cores'
  | 'reload-worker'
  | 'reload'
  | 'kill'
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

export const GROUPS: readonly Group[] = ['Move', 'Look', 'Time', 'Change', 'Program'];

const worker = { disabledReason: workerRefusal };
const instance = { disabledReason: controlRefusal };

/** The views whose list is that of the workers. */
const WORKERS: readonly Screen[] = ['overview'];
/** The digits of the views fold early: Tab, which stays, leads to all of them. */
const VIEW_RANK = 7;

/**
 * Lower case only looks; what changes the server is upper case, Ctrl-R or F9, and asks first. In
 * the order of the key bar and, by groups, of the help.
 */
export const KEYMAP: readonly Binding[] = [
  { action: 'up', keys: ['up', 'k'], group: 'Move', help: 'mark the line above' },
  { action: 'down', keys: ['down', 'j'], group: 'Move', help: 'mark the line below' },
  { action: 'page-up', keys: ['pageup'], group: 'Move', help: 'one page up' },
  { action: 'page-down', keys: ['pagedown'], group: 'Move', help: 'one page down' },
  { action: 'first', keys: ['home', 'g'], group: 'Move', help: 'first line' },
  { action: 'last', keys: ['end', 'G'], group: 'Move', help: 'last line, follow events' },
  ...SCREENS.map(({ screen, keys, label, help }): Binding => ({
    ...{ action: screen, keys, group: 'Look', help },
    bar: { label, rank: VIEW_RANK },
  })),
  {
    action: 'next-screen',
    keys: ['tab'],
    group: 'Look',
    help: 'the next view',
    bar: { label: 'views', rank: 3 },
  },
  { action: 'previous-screen', keys: ['backtab'], group: 'Look', help: 'the view before' },
  {
    action: 'open',
    keys: ['enter'],
    group: 'Look',
    help: 'the marked event in full',
    on: ['events'],
    bar: { label: 'open', rank: 4 },
  },
  {
    action: 'filter',
    keys: ['/'],
    group: 'Look',
    help: 'filter the lines',
    bar: { label: 'filter', rank: 5 },
  },
  {
    action: 'sort',
    keys: ['f6', 's'],
    group: 'Look',
    help: 'sort by a column',
    on: WORKERS,
    bar: { label: 'sort', rank: 4 },
  },
  { action: 'reverse', keys: ['I'], group: 'Look', help: 'reverse the order', on: WORKERS },
  {
    action: 'cores',
    keys: ['a'],
    group: 'Look',
    help: 'list the requests in flight',
    on: WORKERS,
    bar: { label: 'requests', rank: 8 },
  },
  { action: 'slower', keys: ['+'], group: 'Look', help: 'longer interval' },
  { action: 'faster', keys: ['-'], group: 'Look', help: 'shorter interval' },
  { action: 'fast', keys: ['f'], group: 'Look', help: 'every 100 ms, and back' },
  {
    action: 'pause',
    keys: ['p'],
    group: 'Time',
    help: 'stop the screen, go on',
    bar: { label: 'pause', rank: 10 },
  },
  { action: 'back', keys: ['['], group: 'Time', help: 'a second back' },
  { action: 'forward', keys: [']'], group: 'Time', help: 'a second on' },
  { action: 'minute-back', keys: ['{'], group: 'Time', help: 'a minute back' },
  { action: 'minute-forward', keys: ['}'], group: 'Time', help: 'a minute on' },
  { action: 'now', keys: ['0'], group: 'Time', help: 'back to now, as Esc' },
  {
    ...{ action: 'half-speed', keys: ['<'], group: 'Time', help: 'a recording half as fast' },
    disabledReason: speedRefusal,
  },
  {
    ...{ action: 'double-speed', keys: ['>'], group: 'Time', help: 'a recording twice as fast' },
    disabledReason: speedRefusal,
  },
  {
    action: 'reload-worker',
    keys: ['R'],
    group: 'Change',
    help: 'reload the marked worker',
    on: WORKERS,
    bar: { label: 'reload', rank: 3 },
    ...worker,
  },
  {
    action: 'reload',
    keys: ['ctrl-r'],
    group: 'Change',
    help: 'reload all workers: how?',
    bar: { label: 'reload all', rank: 6 },
    ...instance,
  },
  {
    action: 'kill',
    keys: ['f9', 'K'],
    group: 'Change',
    help: 'kill the marked worker',
    on: WORKERS,
    bar: { label: 'kill', rank: 2 },
    ...worker,
  },
  {
    action: 'help',
    keys: ['?', 'h', 'f1'],
    group: 'Program',
    help: 'this help',
    bar: { label: 'help', rank: 1 },
  },
  { action: 'close', keys: ['escape'], group: 'Program', help: 'close, never quit' },
  {
    action: 'quit',
    keys: ['q', 'f10', 'ctrl-c'],
    group: 'Program',
    help: 'quit',
    bar: { label: 'quit', rank: 0 },
  },
  { action: 'redraw', keys: ['ctrl-l'], group: 'Program', help: 'draw afresh' },
  { action: 'suspend', keys: ['ctrl-z'], group: 'Program', help: 'to the background' },
];

/** The keys that mean something on a screen. */
export function keymapOf(screen: Screen): readonly Binding[] {
  return KEYMAP.filter(({ on }) => on === undefined || on.includes(screen));
}

/** The binding of a key on a screen. */
export function bindingOf(key: string, screen: Screen): Binding | undefined {
  return keymapOf(screen).find(({ keys }) => keys.includes(key));
}
