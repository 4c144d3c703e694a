import { filterOf } from './lists.js';
import type { Effect, Message } from './message.js';
import { initialModel, type Model, type ModelConfig, usableSize } from './model.js';
import { update } from './update.js';

/** Several servers: the whole dashboard of each, and the list that leads to them. */
export interface Fleet {
  /** In the order of the command line. */
  readonly servers: readonly Model[];
  /** Which one has the screen; null: the list. */
  readonly opened: number | null;
  /** The marked one. */
  readonly mark: number;
  /** The first line of the list's window. */
  readonly top: number;
}

/** A message, and which server it is from; without one it is for whoever has the screen. */
export type FleetMessage = Message & { readonly server?: number };

/** An effect, and on which server. */
export type FleetEffect = Effect & { readonly server?: number };

type FleetStep = readonly [Fleet, readonly FleetEffect[]];

/** The lines of the list's frame: a summary, the titles, a word and the keys. */
const AROUND = 4;

/** The state before anything happened. */
export function initialFleet(
  addresses: readonly string[],
  config: Omit<ModelConfig, 'address'>,
): Fleet {
  const servers = addresses.map((address) => initialModel({ ...config, address }));
  return { servers, opened: null, mark: 0, top: 0 };
}

/** How many servers the list can show. */
export function fleetRows({ servers: [first] }: Fleet): number {
  return Math.max(1, (first?.height ?? 1) - AROUND);
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

/** The wheel moves the mark; the list has nothing to type, nor to click on. */
function inList(fleet: Fleet, message: Message): Fleet {
  return message.type === 'wheel' ? moved(fleet, message.step > 0 ? 'down' : 'up') : fleet;
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
  const { opened, servers, mark } = fleet;
  if (opened !== null) {
    const model = servers[opened];
    const leaves = message.key === 'escape' && model !== undefined && isAtRest(model);
    return leaves ? [settled({ ...fleet, opened: null }), []] : passed(fleet, opened, message);
  }
  switch (message.key) {
    case 'enter':
      return [{ ...fleet, opened: mark }, []];
    case 'q':
    case 'f10':
    case 'ctrl-c':
      return [fleet, [{ type: 'quit' }]];
    case 'ctrl-l':
      return [fleet, [{ type: 'redraw' }]];
    case 'ctrl-z':
      return [fleet, [{ type: 'suspend' }]];
    default:
      return [moved(fleet, message.key), []];
  }
}

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
  const { mark, servers } = fleet;
  const last = servers.length - 1;
  const page = fleetRows(fleet);
  const to: Readonly<Record<string, number>> = {
    ...{ up: mark - 1, k: mark - 1, down: mark + 1, j: mark + 1 },
    ...{ pageup: mark - page, pagedown: mark + page },
    ...{ home: 0, g: 0, end: last, G: last },
  };
  const wanted = Object.hasOwn(to, key) ? to[key] : undefined;
  if (wanted === undefined) return fleet;
  return settled({ ...fleet, mark: Math.min(last, Math.max(0, wanted)) });
}

/** Brings the marked server into sight. */
function settled(fleet: Fleet): Fleet {
  const rows = fleetRows(fleet);
  const { mark, servers } = fleet;
  const most = Math.max(0, servers.length - rows);
  const top = Math.min(most, Math.max(mark - rows + 1, Math.min(fleet.top, mark)));
  return { ...fleet, top };
}
