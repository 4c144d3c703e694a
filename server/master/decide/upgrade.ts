import { assertNever } from '../../../shared/result.js';
import { applicationError } from './application-error.js';
import type { MasterEvent } from './events.js';
import { type Decision, log } from './process.js';
import {
  isUnderWay,
  type RouterSlot,
  serving,
  type Slot,
  type SupervisedProcess,
  type WorkerSlot,
} from './slots.js';
import type { MasterState } from './state.js';
import { stop } from './stop.js';

type Event<T extends MasterEvent['type']> = Extract<MasterEvent, { type: T }>;

/** How long a new master may take until all its workers are ready. */
export const UPGRADE_MS = 90_000;

/** The events that concern a new master. */
export type UpgradeEvent = Event<'upgrade' | 'successor-ready' | 'successor-failed' | 'taken-over'>;

/** Takes what concerns a new master. */
export function onUpgradeEvent(state: MasterState, event: UpgradeEvent, now: number): Decision {
  switch (event.type) {
    case 'upgrade':
      return onUpgrade(state, now);
    case 'successor-ready':
      return onSuccessorReady(state, event, now);
    case 'successor-failed':
      return onSuccessorFailed(state, event, now);
    case 'taken-over':
      return [
        { ...state, spoolersWait: false, lastUpgrade: { state: 'done', reason: '', at: now } },
        [],
      ];
    default:
      return assertNever(event);
  }
}

/** A new master is wanted. This one serves on until the new one says that its workers are ready. */
function onUpgrade(state: MasterState, now: number): Decision {
  if (state.phase !== 'running') {
    return [state, [log('upgrade refused: this master is stopping')]];
  }
  if (state.upgrade !== null) {
    return [state, [log('upgrade refused: a new master is being started already')]];
  }
  return [
    { ...state, upgrade: { handedOver: false, deadline: now + UPGRADE_MS } },
    [log('...starting a new master on the same sockets...'), { type: 'launch-successor' }],
  ];
}

/** The new master serves: this one finishes what it has, and leaves. */
function onSuccessorReady(
  state: MasterState,
  { pid }: Event<'successor-ready'>,
  now: number,
): Decision {
  if (state.phase !== 'running' || state.upgrade === null) return [state, []];
  const [stopped, effects] = stop(state, { graceful: true }, now);
  return [
    { ...stopped, upgrade: { ...state.upgrade, handedOver: true } },
    [
      log(`*** master ${pid} has taken over, the workers of this one finish their requests ***`),
      { type: 'hand-over' },
      // What `stop` says of itself speaks of a signal.
      ...effects.filter(({ type }) => type !== 'log'),
    ],
  ];
}

/** The new master is of no use: this one stays. */
function onSuccessorFailed(
  state: MasterState,
  { reason }: Event<'successor-failed'>,
  now: number,
): Decision {
  // One that was given up here ends, too: that is no news.
  if (state.upgrade === null || state.upgrade.handedOver) return [state, []];
  return abandon(state, reason, now);
}

/** A new master that takes too long is given up; when this one stops, neither is to stay. */
export function settleUpgrade(state: MasterState, now: number): Decision {
  const { upgrade } = state;
  if (upgrade === null || upgrade.handedOver) return [state, []];
  if (state.phase !== 'running') {
    return [{ ...state, upgrade: null }, [{ type: 'end-successor' }]];
  }
  if (now < upgrade.deadline) return [state, []];
  return abandon(state, `its workers are not ready after ${UPGRADE_MS / 1000} seconds`, now);
}

function abandon(state: MasterState, reason: string, now: number): Decision {
  return [
    { ...state, upgrade: null, lastUpgrade: { state: 'abandoned', reason, at: now } },
    [
      log(`*** upgrade abandoned, this master stays: ${reason} ***`, 'error'),
      { type: 'end-successor' },
    ],
  ];
}

/** What a new master has to tell the one it follows. */
export type BootVerdict =
  | { readonly type: 'pending' }
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly reason: string };

/**
 * Whether a master that has just been started may take over: every process it wants is ready with
 * the application. The first death, or a process that cannot be started, fails it: the old master
 * still serves, so nothing is gained by trying again.
 */
export function bootVerdict(state: MasterState): BootVerdict {
  const dead = state.slots.find(({ deaths }) => deaths.length > 0);
  if (dead !== undefined) return { type: 'failed', reason: epitaph(dead) };
  const router = state.routers.find(({ deaths }) => deaths.length > 0);
  if (router !== undefined) return { type: 'failed', reason: shortEpitaph('http', router) };
  const spooler = state.spoolers.find(({ deaths }) => deaths.length > 0);
  if (spooler !== undefined) return { type: 'failed', reason: shortEpitaph('spooler', spooler) };
  if (state.phase !== 'running') {
    const broken = state.slots.find(({ lastExit }) => lastExit?.reason === 'boot');
    const reason = broken === undefined ? 'it was told to stop' : epitaph(broken);
    return { type: 'failed', reason };
  }
  // Routers alone, before foreign back ends, have no workers to wait for.
  const isReady =
    state.slots.length === 0 || state.slots.some((slot) => serving(slot) !== undefined);
  const companions: readonly Slot<SupervisedProcess>[] = [...state.routers, ...state.spoolers];
  const isWhole = companions.every((slot) => serving(slot) !== undefined);
  return { type: isReady && isWhole && !state.slots.some(isUnderWay) ? 'ready' : 'pending' };
}

function shortEpitaph(what: string, { id, lastExit }: Pick<RouterSlot, 'id' | 'lastExit'>): string {
  if (lastExit === null) return `its ${what} ${id} cannot be spawned`;
  const how = lastExit.signal ?? `exit code ${lastExit.code ?? 'unknown'}`;
  return `its ${what} ${id} (pid: ${lastExit.pid}) died before it was ready, ${how}`;
}

function epitaph({ id, lastExit }: WorkerSlot): string {
  if (lastExit === null) return `its worker ${id} cannot be spawned`;
  const who = `its worker ${id} (pid: ${lastExit.pid})`;
  const said = applicationError(lastExit.stderr);
  if (lastExit.reason === 'boot') return `${who} could not serve the application${said}`;
  const how = lastExit.signal ?? `exit code ${lastExit.code ?? 'unknown'}`;
  return `${who} died before it was ready, ${how}${said}`;
}
