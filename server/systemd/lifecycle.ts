import { bootVerdict } from '../master/decide/upgrade.js';
import { serving, type Slot, type SupervisedProcess } from '../master/decide/slots.js';
import { active, type MasterState } from '../master/decide/state.js';
import type { Notification } from './outbox.js';

/** What the service manager was told so far. */
export interface Told {
  readonly ready: boolean;
  /** How often the reload that runs was asked for; 0 when none runs. */
  readonly reloads: number;
  readonly stopping: boolean;
}

export const NOTHING_TOLD: Told = { ready: false, reloads: 0, stopping: false };

/** The instance was ready, and whoever started it knows. */
export const READY_TOLD: Told = { ...NOTHING_TOLD, ready: true };

/**
 * What is to be told of a new state, in order. Each request to reload while one runs is told of anew:
 * `Type=notify-reload` waits for a RELOADING=1 that is later than its signal. `monotonicUs` is the time
 * of CLOCK_MONOTONIC in microseconds.
 */
export function tell(
  told: Told,
  state: MasterState,
  monotonicUs: bigint,
): readonly [Told, readonly Notification[]] {
  if (state.phase !== 'running') return tellStop(told, state);
  if (!told.ready && !isUp(state)) return [told, []];
  const reloads = state.reload?.orders.length ?? 0;
  const hasEnded = told.reloads > 0 && reloads === 0;
  const notifications: readonly Notification[] = [
    ...(!told.ready || hasEnded ? [{ READY: '1' }] : []),
    ...(reloads > told.reloads ? [{ RELOADING: '1', MONOTONIC_USEC: String(monotonicUs) }] : []),
  ];
  return [{ ...told, ready: true, reloads }, notifications];
}

function tellStop(told: Told, { upgrade }: MasterState): readonly [Told, readonly Notification[]] {
  if (told.stopping || upgrade?.handedOver === true) return [told, []];
  return [{ ...told, stopping: true }, [{ STOPPING: '1' }]];
}

/**
 * Whether the instance serves: all that it wants is ready; or, once a process of it has died at its
 * start, one of each kind is, and the others are tried again.
 */
function isUp(state: MasterState): boolean {
  const verdict = bootVerdict(state).type;
  if (verdict !== 'failed') return verdict === 'ready';
  const kinds: readonly (readonly Slot<SupervisedProcess>[])[] = [
    ...[state.slots, state.routers, state.spoolers],
  ];
  return kinds.every(
    (slots) => slots.length === 0 || slots.some((slot) => serving(slot) !== undefined),
  );
}

/** What the workers do. */
export interface Rates {
  /** Those with a request in flight. */
  readonly busy: number;
  /** Requests that were answered in a second. */
  readonly perSecond: number;
}

/** One line for `systemctl status`: `4 workers ready, 0 busy, 12 req/s`. */
export function statusLine(state: MasterState, { busy, perSecond }: Rates): string {
  const { routers, spoolers, slots } = state;
  const parts = [
    slots.length === 0 ? [] : readyOf('worker', active(state)),
    slots.length === 0 && routers.length > 0 ? readyOf('router', routers) : [],
    slots.length === 0 && routers.length === 0 ? readyOf('spooler', spoolers) : [],
    slots.length === 0 ? [] : `${busy} busy`,
    slots.length === 0 ? [] : `${Number(perSecond.toPrecision(2))} req/s`,
    withoutApplication(state),
    state.paused ? 'paused' : [],
    state.lastReload.state === 'abandoned' && state.reload === null ? 'last reload abandoned' : [],
  ];
  return parts.flat().join(', ');
}

function readyOf(what: string, slots: readonly Slot<SupervisedProcess>[]): string {
  const ready = slots.filter((slot) => serving(slot) !== undefined).length;
  const plural = slots.length === 1 ? '' : 's';
  return ready === slots.length
    ? `${ready} ${what}${plural} ready`
    : `${ready} of ${slots.length} ${what}${plural} ready`;
}

/** They accept, and answer 500. */
function withoutApplication({ slots }: MasterState): string | [] {
  const number = slots.filter((slot) => serving(slot)?.app === false).length;
  return number === 0 ? [] : `${number} without an application`;
}
