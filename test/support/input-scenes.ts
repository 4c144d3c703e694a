import type { Model } from '../../top/model/model.js';
import { SCREENS } from '../../top/model/screens.js';
import { busyShop, client, instanceAt, keys, play, STUCK, tick, typed } from './dashboard.js';
import { eventfulModel } from './happened.js';
import { NOW } from './stats-builder.js';

/** Everything that can be on the screen when a key, or what is none, arrives. */
export interface Scene {
  readonly name: string;
  readonly model: Model;
  /** A person was asked, and Enter or a click may be the answer. */
  readonly isQuestion: boolean;
}

/** What opens something over a view, or puts it into another state. */
const OPENERS: Readonly<Record<string, readonly string[]>> = {
  'as it is': [],
  'the help': ['?'],
  'the sort menu': ['f6'],
  'the columns': ['c'],
  settings: ['f2'],
  'the menu of reloads': ['ctrl-r', 'end'],
  'the menu of signals': ['K', 'end'],
  'an empty command line': [':'],
  'a command line': [':', ...typed('kill 3')],
  'a filter': ['/', 'a'],
  'the past': ['[', '['],
  'a pause': ['p'],
  'an open line': ['enter'],
  'tagged workers': ['space', 'space'],
};

const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  'a question': ['R'],
  'a question, the other button': ['R', 'tab'],
  'a question about a kill': ['K', 'end', 'enter', 'tab'],
  'a question about a reload': ['ctrl-r', 'enter', 'tab'],
  'a question about one more worker': ['A', 'tab'],
};

/** A dashboard that may operate, with a marked worker, events and requests in flight. */
function ground(): Model {
  const before = eventfulModel(120, 40);
  return play(before, [instanceAt(62_001, busyShop(62, STUCK)), tick(62_401), ...keys('down')])
    .model;
}

function opened(from: readonly (readonly [string, Model])[], by: typeof OPENERS): Scene[] {
  return from.flatMap(([view, model]) =>
    Object.entries(by).map(([name, opener]): Scene => {
      const there = play(model, keys(...opener)).model;
      const isQuestion = there.overlay.kind === 'confirm' || there.overlay.kind === 'canary';
      return { name: `${view}, ${name}`, model: there, isQuestion };
    }),
  );
}

/** Each view and the worker detail, with each thing that may lie over it. */
export function inputScenes(): Scene[] {
  const base = ground();
  const views = SCREENS.map(({ screen, keys: [digit = ''] }) => {
    return [screen, play(base, keys(digit, 'down')).model] as const;
  });
  const detail = ['detail', play(base, keys('1', 'home', 'enter')).model] as const;
  const all = [...views, detail];
  return [
    ...opened(all, OPENERS),
    ...opened([...views.slice(0, 1), detail], QUESTIONS),
    ...rarities(base),
  ];
}

/** What is come to by more than keys. */
function rarities(base: Model): Scene[] {
  const later = instanceAt(90_001, busyShop(90, { pid: 30_144, last_spawn: NOW + 80 }));
  const sent = play(base, keys('1', 'home', 'space', 'space', 'R', 'tab', 'enter')).model;
  const watched = canary(base);
  const wordless = play(base, [
    ...keys('1', 'home', ...Array<string>(12).fill('space'), 'K', 'end', 'enter'),
    ...keys(...typed('kil')),
  ]).model;
  return [
    {
      name: 'what differs between two moments',
      model: play(base, [...keys('m'), later, tick(90_301), ...keys('m')]).model,
      isQuestion: false,
    },
    { name: 'the outcomes of several commands', model: sent, isQuestion: false },
    { name: 'a look at the first of a canary reload', model: watched, isQuestion: true },
    {
      name: 'the same, about to go on',
      model: play(watched, keys('tab')).model,
      isQuestion: true,
    },
    { name: 'a word that is typed before a kill', model: wordless, isQuestion: true },
  ];
}

/** A canary reload whose first worker has been replaced. */
function canary(base: Model): Model {
  const asked = play(base, keys('1', 'ctrl-r', 'end', 'enter', 'tab', 'enter'));
  const sent = asked.effects.find(({ type }) => type === 'command');
  const id = sent?.type === 'command' ? sent.id : 0;
  const told = { at: 62_500, id, ok: true, message: '' } as const;
  return play(asked.model, [
    client({ ...told, type: 'reply', code: 'accepted' }),
    client({ ...told, type: 'outcome', code: 'done' }),
  ]).model;
}
