import { editedBy, inserted, limited } from './edited-text.js';
import { type FleetSort, listedServers, nextSort } from './fleet-list.js';
import { filterOf } from './lists.js';
import type { Effect, Message } from './message.js';
import { initialModel, type ModelConfig, usableSize } from './initial.js';
import { type Filter } from './list-states.js';
import { type Model } from './model.js';
import { FILTER_LIMIT, oneLine } from './text-field.js';
import { update } from './update.js';

/** Several servers: the whole dashboard of each, and the list that leads to them. */
export interface Fleet {
  /** In the order of the command line. */
  readonly servers: readonly Model[];
  /** Which one has the screen; null: the list. */
  readonly opened: number | null;
  /** The marked one, wherever it stands in the list. */
  readonly mark: number;
  readonly filter: Filter;
  readonly sort: FleetSort;
  /** Whether the keys of the list are being shown. */
  readonly help: boolean;
  /** The first line of the list's window. */
  readonly top: number;
}

/** A message, and which server it is from; without one it is for whoever has the screen. */
export type FleetMessage = Message & { readonly server?: number };

/** An effect, and on which server. */
export type FleetEffect = Effect & { readonly server?: number };

type FleetStep = readonly [Fleet, readonly FleetEffect[]];

const NO_FILTER: Filter = { text: '', editing: false };

/** The state before anything happened. */
export function initialFleet(
  addresses: readonly string[],
  config: Omit<ModelConfig, 'address'>,
): Fleet {
  const servers = addresses.map((address) => initialModel({ ...config, address }));
  const list = { filter: NO_FILTER, sort: { by: null, descending: true }, help: false };
  return { servers, opened: null, mark: 0, top: 0, ...list };
}

/** What stands around the list: where there is little room, more of the servers instead. */
export function fleetFrame({ servers: [first] }: Pick<Fleet, 'servers'>): {
  readonly titles: boolean;
  /** A line for a word, and one for the keys. */
  readonly foot: boolean;
} {
  const height = first?.height ?? 1;
  return { titles: height >= 6, foot: height >= 8 };
}

/** How many servers the list can show. */
export function fleetRows(fleet: Pick<Fleet, 'servers'>): number {
  const { titles, foot } = fleetFrame(fleet);
  const around = 1 + (titles ? 1 : 0) + (foot ? 2 : 0);
  return Math.max(1, (fleet.servers[0]?.height ?? 1) - around);
}

/** The places of the servers in the list, in its order. */
export function listed({ servers, filter, sort }: Fleet): readonly number[] {
  return listedServers(servers, filter, sort);
}

/** The next state of all servers: each has its own model, and its messages go to that one. Pure. */
export function updateFleet(fleet: Fleet, message: FleetMessage): FleetStep {
  switch (message.type) {
    case 'client':
      return passed(fleet, message.server ?? 0, message);
    case 'key':
      return pressed(fleet, message);
    case 'wheel':
    case 'paste':
    case 'click':
    case 'told':
      return fleet.opened === null
        ? [inList(fleet, message), []]
        : passed(fleet, fleet.opened, message);
    case 'resize':
      return [settled(everywhere(fleet, { ...message, ...usableSize(message) })), []];
    case 'tick':
      return [everywhere(fleet, message), []];
  }
}

/** The wheel moves the mark, a paste goes into the filter; there is nothing to click on. */
function inList(fleet: Fleet, message: Message): Fleet {
  if (message.type === 'wheel') return moved(fleet, message.step > 0 ? 'down' : 'up');
  if (message.type !== 'paste' || !fleet.filter.editing) return fleet;
  return typed(fleet, inserted(fleet.filter, oneLine(message.text)));
}

function typed(fleet: Fleet, edited: Parameters<typeof limited>[0]): Fleet {
  return settled({ ...fleet, filter: { ...limited(edited, FILTER_LIMIT), editing: true } });
}

/** A key while the filter is being typed: Enter keeps it, Esc clears it. */
function edited(fleet: Fleet, key: string): Fleet {
  if (key === 'escape') return settled({ ...fleet, filter: NO_FILTER });
  if (key === 'enter') {
    return settled({ ...fleet, filter: { text: fleet.filter.text.trim(), editing: false } });
  }
  const now = editedBy(fleet.filter, key);
  return now === null ? fleet : typed(fleet, now);
}

function everywhere(fleet: Fleet, message: Message): Fleet {
  return { ...fleet, servers: fleet.servers.map((model) => update(model, message)[0]) };
}

function passed(fleet: Fleet, server: number, message: Message): FleetStep {
  const model = fleet.servers[server];
  if (model === undefined) return [fleet, []];
  const [next, effects] = update(model, message);
  const servers = next === model ? fleet.servers : fleet.servers.with(server, next);
  return [{ ...fleet, servers }, effects.map((effect) => ({ ...effect, server }))];
}

type KeyMessage = Extract<Message, { readonly type: 'key' }>;

function pressed(fleet: Fleet, message: KeyMessage): FleetStep {
  const { opened, servers } = fleet;
  if (opened !== null) {
    const model = servers[opened];
    const leaves = message.key === 'escape' && model !== undefined && isAtRest(model);
    return leaves ? [settled({ ...fleet, opened: null }), []] : passed(fleet, opened, message);
  }
  return inListPressed(fleet, message.key);
}

/** What ends the program or has to do with the terminal, typed or not. */
const ALWAYS: Readonly<Record<string, FleetEffect>> = {
  'ctrl-c': { type: 'quit' },
  'ctrl-l': { type: 'redraw' },
  'ctrl-z': { type: 'suspend' },
};

function inListPressed(fleet: Fleet, key: string): FleetStep {
  const effect = Object.hasOwn(ALWAYS, key) ? ALWAYS[key] : undefined;
  if (effect !== undefined) return [fleet, [effect]];
  if (fleet.help) return [{ ...fleet, help: false }, []];
  if (fleet.filter.editing) return [edited(fleet, key), []];
  const action = Object.hasOwn(ACTIONS, key) ? ACTIONS[key] : undefined;
  return action === undefined ? [moved(fleet, key), []] : action(fleet);
}

const sortedBy = (fleet: Fleet, sort: FleetSort): FleetStep => [settled({ ...fleet, sort }), []];
const quit = (fleet: Fleet): FleetStep => [fleet, [{ type: 'quit' }]];
const helped = (fleet: Fleet): FleetStep => [{ ...fleet, help: true }, []];

/** What keys do in the list beside moving the mark. */
const ACTIONS: Readonly<Record<string, (fleet: Fleet) => FleetStep>> = {
  enter: (fleet) => [
    listed(fleet).includes(fleet.mark) ? { ...fleet, opened: fleet.mark } : fleet,
    [],
  ],
  '/': (fleet) => [{ ...fleet, filter: { ...fleet.filter, editing: true } }, []],
  escape: (fleet) => [settled({ ...fleet, filter: NO_FILTER }), []],
  f6: (fleet) => sortedBy(fleet, nextSort(fleet.sort)),
  I: (fleet) => sortedBy(fleet, { ...fleet.sort, descending: !fleet.sort.descending }),
  ...{ '?': helped, f1: helped, q: quit, f10: quit },
};

/** The keys of the list, for its help. */
export const FLEET_KEYS: readonly (readonly [keys: string, help: string])[] = [
  ['↑ ↓', 'mark the server above or below; also k j, PgUp PgDn, Home End'],
  ['Enter', 'open the marked one; Esc on its overview comes back'],
  ['/', 'filter: words, or state=live rps>100 queue>0 rss>1G hc>0 age<5m'],
  ['F6', 'order by the next column, at last as on the command line'],
  ['I', 'reverse the order'],
  ['Esc', 'clear the filter'],
  ['? F1', 'this help'],
  ['^L ^Z', 'draw anew, suspend'],
  ['q F10 ^C', 'quit'],
];

/** Whether Esc has nothing left to close on a server's overview. */
function isAtRest(model: Model): boolean {
  const { text, editing } = filterOf(model);
  return (
    model.screen === 'overview' &&
    model.overlay.kind === 'none' &&
    model.past === null &&
    model.prompt === null &&
    text === '' &&
    !editing &&
    model.commands.every(({ state }) => state === 'sent' || state === 'accepted')
  );
}

function moved(fleet: Fleet, key: string): Fleet {
  const list = listed(fleet);
  const found = list.indexOf(fleet.mark);
  const last = list.length - 1;
  const page = fleetRows(fleet);
  // With the marked one filtered away, a step leads to the first that is there.
  const from = found < 0 ? -1 : found;
  const to: Readonly<Record<string, number>> = {
    ...{ up: from - 1, k: from - 1, down: from + 1, j: from + 1 },
    ...{ pageup: from - page, pagedown: from + page },
    ...{ home: 0, g: 0, end: last, G: last },
  };
  const wanted = Object.hasOwn(to, key) ? to[key] : undefined;
  if (wanted === undefined) return fleet;
  const mark = list[Math.min(last, Math.max(0, wanted))];
  return mark === undefined ? fleet : settled({ ...fleet, mark });
}

/** Brings the marked server into sight, where it is in the list. */
function settled(fleet: Fleet): Fleet {
  const rows = fleetRows(fleet);
  const list = listed(fleet);
  const most = Math.max(0, list.length - rows);
  const place = Math.max(0, list.indexOf(fleet.mark));
  const top = Math.min(most, Math.max(place - rows + 1, Math.min(fleet.top, place)));
  return { ...fleet, top };
}
