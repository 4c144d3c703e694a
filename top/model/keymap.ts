import { controlRefusal, scaleRefusal, workerRefusal } from './control-flow.js';
import { memoryRefusal } from './memory-actions.js';
import { detailRefusal } from './detail-state.js';
import type { Binding, Group } from './binding.js';
import { QUEUE_CHANGES, QUEUE_LOOK, QUEUE_MOVES } from './queue-keys.js';
import { speedRefusal } from './replay-speed.js';
import { type Screen, SCREENS, TABLE_VIEWS, WORKER_VIEWS } from './screens.js';
import { stackRefusal } from './stack.js';
import { tagRefusal } from './tags.js';

export const GROUPS: readonly Group[] = ['Move', 'Look', 'Time', 'Change', 'Program'];

const worker = { disabledReason: workerRefusal };
const instance = { disabledReason: controlRefusal };

/** The views whose keys act on the marked worker, and the one of a single worker. */
const ON_WORKER: readonly Screen[] = [...WORKER_VIEWS, 'detail'];
/** The views with lines that can be filtered. */
const LISTED: readonly Screen[] = [...WORKER_VIEWS, 'requests', 'events', 'others'];
/** The views with a marked line. */
const COPIED: readonly Screen[] = [...WORKER_VIEWS, 'requests', 'events'];
/** The digits of the views fold early, into one word for all of them. */
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
  {
    ...{ action: 'columns-left', keys: ['left'], group: 'Move', help: 'columns further left' },
    on: TABLE_VIEWS,
  },
  {
    ...{ action: 'columns-right', keys: ['right'], group: 'Move', help: 'columns further right' },
    on: TABLE_VIEWS,
  },
  ...QUEUE_MOVES,
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
    bar: { label: 'read', rank: 4 },
  },
  {
    action: 'detail',
    keys: ['enter'],
    group: 'Look',
    help: 'the marked worker in full',
    on: WORKER_VIEWS,
    bar: { label: 'detail', rank: 4 },
    disabledReason: detailRefusal,
  },
  {
    action: 'stack',
    keys: ['t'],
    group: 'Look',
    help: 'its JavaScript stack',
    on: ['detail'],
    bar: { label: 'stack', rank: 2 },
    disabledReason: stackRefusal,
  },
  {
    action: 'jump',
    keys: ['enter', 'w'],
    group: 'Look',
    help: 'go to its worker',
    on: ['requests'],
    bar: { label: 'its worker', rank: 4 },
  },
  QUEUE_LOOK,
  {
    action: 'filter',
    keys: ['/'],
    group: 'Look',
    help: 'filter the lines',
    on: LISTED,
    bar: { label: 'filter', rank: 5 },
  },
  {
    action: 'sort',
    keys: ['f6', 's'],
    group: 'Look',
    help: 'sort by a column',
    on: WORKER_VIEWS,
    bar: { label: 'sort', rank: 6 },
  },
  { action: 'reverse', keys: ['I'], group: 'Look', help: 'reverse the order', on: WORKER_VIEWS },
  {
    action: 'columns',
    keys: ['c', 'f4'],
    group: 'Look',
    help: 'choose the columns',
    on: TABLE_VIEWS,
    bar: { label: 'columns', rank: 8 },
  },
  {
    action: 'cores',
    keys: ['a'],
    group: 'Look',
    help: 'list the requests in flight',
    on: TABLE_VIEWS,
    bar: { label: 'requests', rank: 8 },
  },
  {
    action: 'tag',
    keys: ['space'],
    group: 'Look',
    help: 'tag the marked worker',
    on: WORKER_VIEWS,
    bar: { label: 'tag', rank: 8 },
    disabledReason: tagRefusal,
  },
  { action: 'untag', keys: ['U'], group: 'Look', help: 'untag all', on: WORKER_VIEWS },
  { action: 'copy', keys: ['y'], group: 'Look', help: 'copy the marked line', on: COPIED },
  { action: 'slower', keys: ['+'], group: 'Look', help: 'longer interval' },
  { action: 'faster', keys: ['-'], group: 'Look', help: 'shorter interval' },
  { action: 'fast', keys: ['f'], group: 'Look', help: 'every 100 ms, and back' },
  {
    action: 'pause',
    keys: ['p'],
    group: 'Time',
    help: 'stop the screen, go on',
    bar: { label: 'pause', rank: 5 },
  },
  { action: 'back', keys: ['['], group: 'Time', help: 'a second back' },
  { action: 'forward', keys: [']'], group: 'Time', help: 'a second on' },
  { action: 'minute-back', keys: ['{'], group: 'Time', help: 'a minute back' },
  { action: 'minute-forward', keys: ['}'], group: 'Time', help: 'a minute on' },
  { action: 'now', keys: ['0'], group: 'Time', help: 'back to now, as Esc' },
  { action: 'mark', keys: ['m'], group: 'Time', help: 'mark; again: what differs' },
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
    help: 'reload the marked or tagged',
    on: ON_WORKER,
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
    help: 'kill the marked or tagged',
    on: ON_WORKER,
    bar: { label: 'kill', rank: 2 },
    ...worker,
  },
  {
    action: 'worker-memory',
    keys: ['M'],
    group: 'Change',
    help: 'gc, heap snapshot, profile',
    on: ['memory', 'detail'],
    bar: { label: 'heap', rank: 3 },
    disabledReason: memoryRefusal,
  },
  ...QUEUE_CHANGES,
  {
    ...{ action: 'add-worker', keys: ['A'], group: 'Change', help: 'one worker more' },
    disabledReason: scaleRefusal,
  },
  {
    ...{ action: 'drop-worker', keys: ['D'], group: 'Change', help: 'one worker fewer' },
    disabledReason: scaleRefusal,
  },
  {
    action: 'prompt',
    keys: [':'],
    group: 'Program',
    help: 'type a command',
    bar: { label: 'command', rank: 9 },
  },
  {
    action: 'help',
    keys: ['?', 'h', 'f1'],
    group: 'Program',
    help: 'this help',
    bar: { label: 'help', rank: 1 },
  },
  {
    action: 'leave',
    keys: ['escape'],
    group: 'Look',
    help: 'back to the list',
    on: ['detail', 'queue'],
    bar: { label: 'back', rank: 1 },
  },
  {
    action: 'close',
    keys: ['escape'],
    group: 'Program',
    help: 'close, never quit',
    on: LISTED,
  },
  {
    action: 'quit',
    keys: ['q', 'f10', 'ctrl-c'],
    group: 'Program',
    help: 'quit',
    bar: { label: 'quit', rank: 0 },
  },
  { action: 'settings', keys: ['f2'], group: 'Program', help: 'settings' },
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
