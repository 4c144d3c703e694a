import type { EventKind, HappenedEvent } from '../model/events.js';
import type { StyleName } from './frame.js';

/** A letter under a chart; of several in one column the one of the greatest rank is shown. */
interface Tick {
  readonly letter: string;
  readonly rank: number;
}

interface Look {
  /** At most nine columns. */
  readonly word: string;
  readonly sign: readonly [unicode: string, ascii: string];
  readonly style: StyleName;
  /** When it went wrong. */
  readonly bad: StyleName;
  readonly tick?: Tick;
}

/** How each kind of event looks: sign and word say it, colour says it again. */
export const EVENT_LOOKS: Readonly<Record<EventKind, Look>> = {
  spawn: { word: 'spawn', sign: ['◌', 'o'], style: 'notice', bad: 'notice' },
  respawn: {
    ...{ word: 'respawn', sign: ['✕', 'x'], style: 'attention', bad: 'alarm' },
    tick: { letter: 'x', rank: 3 },
  },
  death: {
    ...{ word: 'death', sign: ['✕', 'x'], style: 'attention', bad: 'alarm' },
    tick: { letter: 'x', rank: 3 },
  },
  exit: { word: 'exit', sign: ['○', '-'], style: 'dim', bad: 'attention' },
  harakiri: {
    ...{ word: 'harakiri', sign: ['▲', '!'], style: 'alarm', bad: 'alarm' },
    tick: { letter: 'H', rank: 5 },
  },
  reload: {
    ...{ word: 'reload', sign: ['↻', 'R'], style: 'work', bad: 'attention' },
    tick: { letter: 'R', rank: 1 },
  },
  upgrade: {
    ...{ word: 'upgrade', sign: ['↻', 'R'], style: 'work', bad: 'attention' },
    tick: { letter: 'R', rank: 1 },
  },
  master: {
    ...{ word: 'master', sign: ['◆', '#'], style: 'attention', bad: 'alarm' },
    tick: { letter: 'R', rank: 1 },
  },
  tls: {
    ...{ word: 'tls', sign: ['◇', '%'], style: 'notice', bad: 'attention' },
  },
  queue: {
    ...{ word: 'queue', sign: ['▲', '!'], style: 'normal', bad: 'attention' },
    tick: { letter: 'Q', rank: 2 },
  },
  task: { word: 'task', sign: ['✕', 'x'], style: 'normal', bad: 'attention' },
  scale: { word: 'scale', sign: ['↕', '+'], style: 'notice', bad: 'notice' },
  pause: { word: 'pause', sign: ['‖', '|'], style: 'attention', bad: 'attention' },
  config: { word: 'config', sign: ['·', '.'], style: 'notice', bad: 'attention' },
  lost: {
    ...{ word: 'lost', sign: ['✕', 'x'], style: 'alarm', bad: 'alarm' },
    tick: { letter: '!', rank: 4 },
  },
  back: { word: 'back', sign: ['●', '*'], style: 'work', bad: 'work' },
  action: { word: 'action', sign: ['→', '@'], style: 'measure', bad: 'attention' },
};

/** The style of an event. */
export function eventStyle({ kind, bad }: HappenedEvent): StyleName {
  return bad ? EVENT_LOOKS[kind].bad : EVENT_LOOKS[kind].style;
}

/** The sign of an event in a character set. */
export function eventSign({ kind }: HappenedEvent, ascii: boolean): string {
  return EVENT_LOOKS[kind].sign[ascii ? 1 : 0];
}
