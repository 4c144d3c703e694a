import type { MasterEffect, MasterEvent } from './events.js';
import { type Decision, draining, ending, log } from './process.js';
import { outcome } from './reload.js';
import type { MasterState, WorkerProcess } from './state.js';

/** How a stop is asked for, and by whom. */
type Asked = Omit<Extract<MasterEvent, { type: 'stop' }>, 'type'>;

/**
 * Ends everything: each worker drains, or exits at once. Asked a second time, it is at once; a
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
  const ended = (process: WorkerProcess): WorkerProcess => {
    if (gentle && process.state === 'ready') {
      effects.push({ type: 'send', pid: process.pid, frame: 'drain' });
      return draining(process, { reason: 'stop', mercyMs: state.settings.mercyMs }, now);
    }
    if (gentle && process.state !== 'starting') return process;
    if (again && process.state === 'ending') {
      effects.push({ type: 'sigkill', pid: process.pid });
      return process;
    }
    effects.push({ type: 'send', pid: process.pid, frame: 'exit' });
    return ending(process, 'stop', now);
  };
  const slots = state.slots.map((slot) => ({ ...slot, processes: slot.processes.map(ended) }));
  const count = slots.reduce((sum, { processes }) => sum + processes.length, 0);
  const next: MasterState = {
    ...state,
    phase: 'stopping',
    slots,
    reload: null,
    reloads: [],
    scales: [],
    stop: {
      ...state.stop,
      orders: [...state.stop.orders, order],
      processes: again ? state.stop.processes : count,
    },
  };
  return [forcedInStop(next, effects), effects];
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
