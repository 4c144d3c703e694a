import type { MasterEffect, MasterEvent } from './events.js';
import { type Decision, draining, ending, EXIT_MERCY_MS, log } from './process.js';
import { outcome } from './reload.js';
import { areRoutersDone } from './routers/router-slots.js';
import type { SupervisedProcess } from './slots.js';
import type { MasterState } from './state.js';

/** How a stop is asked for, and by whom. */
type Asked = Omit<Extract<MasterEvent, { type: 'stop' }>, 'type'>;

/**
 * Ends everything: each worker drains, or exits at once. Where there are routers they drain first,
 * and the workers serve what these hold until the last one is gone (`converge`). Asked a second time, it is at once; a
 * process that was already told to exit at once is then left to the kernel. `by` is who asked, for
 * the log.
 */
export function stop(state: MasterState, asked: Asked, now: number): Decision {
  const { graceful, by = 'SIGTERM', order = 0 } = asked;
  const gentle = graceful && state.phase === 'running';
  const again = state.phase !== 'running';
  const effects: MasterEffect[] = [
    log(
      gentle
        ? `${by} received...workers finish their requests (${state.settings.mercyMs / 1000} seconds at most)...`
        : '...killing workers...',
    ),
    ...(state.reload?.orders ?? []).flatMap((order) => outcome(order, false, 'the master stops')),
    ...state.reloads.flatMap(({ order }) => outcome(order, false, 'the master stops')),
    ...state.scales.flatMap(({ order }) => outcome(order, false, 'the master stops')),
  ];
  const { mercyMs, spoolers: spooling } = state.settings;
  const ask = asker({ gentle, again, now }, effects);
  const areBehind = !areRoutersDone(state);
  const routers = state.routers.map((slot) => ({
    ...slot,
    processes: slot.processes.map((process) => ask(process, mercyMs)),
  }));
  const slots = state.slots.map((slot) => ({
    ...slot,
    processes: slot.processes.map((process) => ask(process, areBehind ? null : mercyMs)),
  }));
  const spoolers = state.spoolers.map((slot) => ({
    ...slot,
    processes: slot.processes.map((process) => ask(process, spooling?.mercyMs ?? mercyMs)),
  }));
  const count = [...routers, ...slots, ...spoolers].reduce(
    (sum, { processes }) => sum + processes.length,
    0,
  );
  const next: MasterState = {
    ...state,
    phase: 'stopping',
    slots,
    routers,
    spoolers,
    reload: null,
    reloads: [],
    scales: [],
    stop: {
      ...state.stop,
      orders: [...state.stop.orders, order],
      since: again ? state.stop.since : now,
      processes: again ? state.stop.processes : count,
    },
  };
  return [forcedInStop(next, effects), effects];
}

interface Manner {
  readonly gentle: boolean;
  readonly again: boolean;
  readonly now: number;
}

/**
 * Asks one process after the other to end. The mercy is how long it may drain, and null for one that
 * is to serve on until what stands in front of it is gone.
 */
function asker({ gentle, again, now }: Manner, effects: MasterEffect[]) {
  return <P extends SupervisedProcess>(process: P, mercyMs: number | null): P => {
    if (gentle && process.state === 'ready') {
      if (mercyMs === null) return process;
      effects.push({ type: 'send', pid: process.pid, frame: 'drain' });
      return draining(process, { reason: 'stop', mercyMs }, now);
    }
    if (gentle && process.state !== 'starting') return process;
    if (again && process.state === 'ending') {
      effects.push({ type: 'sigkill', pid: process.pid });
      return process;
    }
    effects.push({ type: 'send', pid: process.pid, frame: 'exit' });
    return ending(process, 'stop', now);
  };
}

/**
 * How long workers may drain once the routers in front of them are gone: what these have left of the
 * time that the stop may take, and always enough to close what is idle.
 */
export function workerMercy(state: MasterState, now: number): number {
  const { mercyMs } = state.settings;
  return Math.max(Math.min(mercyMs, EXIT_MERCY_MS), state.stop.since + mercyMs - now);
}

/** Notes which processes have to be killed while the instance stops; each counts once. */
export function forcedInStop(state: MasterState, effects: readonly MasterEffect[]): MasterState {
  const killed = effects.flatMap((effect) => (effect.type === 'sigkill' ? [effect.pid] : []));
  if (state.phase !== 'stopping' || killed.length === 0) return state;
  const forced = [...new Set([...state.stop.forced, ...killed])];
  return { ...state, stop: { ...state.stop, forced } };
}

/** Tells those who asked for the stop that it is done. */
export function stopped(state: MasterState): readonly MasterEffect[] {
  const { orders, processes, forced } = state.stop;
  const message = `stopped, ${processes}/${processes} processes ended, ${forced.length} forced`;
  return orders.flatMap((order) => outcome(order, true, message));
}
