import type { MasterEffect } from './events.js';
import { type Decision, draining, ending, log } from './process.js';
import { outcome } from './reload.js';
import type { MasterState, WorkerProcess } from './state.js';

/**
 * Ends everything: each worker drains, or exits at once. Asked a second time, it is at once; a
 * process that was already told to exit at once is then left to the kernel. `by` is who asked, for
 * the log.
 */
export function stop(state: MasterState, graceful: boolean, now: number, by = 'SIGTERM'): Decision {
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
  return [{ ...state, phase: 'stopping', slots, reload: null, reloads: [], scales: [] }, effects];
}
