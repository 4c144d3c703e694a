import type { MasterEvent } from './events.js';
import { type Decision, log } from './process.js';
import { outcome } from './reload.js';
import type { SupervisedProcess } from './slots.js';
import type { MasterState } from './state.js';

type PauseEvent = Extract<MasterEvent, { type: 'pause' }>;

/**
 * Stops the workers from accepting, or lets them go on, as SIGTSTP does in uWSGI: connections wait
 * in the kernel's queue, requests in flight finish. A process that is spawned meanwhile is paused
 * from its start: the shell tells it.
 */
export function onPause(state: MasterState, event: PauseEvent): Decision {
  const { order = 0, paused = !state.paused } = event;
  if (state.phase !== 'running') return [state, outcome(order, false, 'the master is stopping')];
  const who = state.slots.length === 0 ? 'routers' : 'workers';
  const message = paused
    ? `paused: the ${who} accept nothing, connections wait in the kernel`
    : `resumed: the ${who} accept again`;
  if (paused === state.paused) return [state, outcome(order, true, message)];
  const frame = paused ? 'pause' : 'resume';
  return [
    { ...state, paused },
    [
      log(`*** ${message} ***`),
      ...[...state.routers, ...state.slots]
        .flatMap(({ processes }) => [...processes].filter(canAccept))
        .map(({ pid }) => ({ type: 'send' as const, pid, frame }) as const),
      ...outcome(order, true, message),
    ],
  ];
}

/** One that is still loading has its order in time, too: it will accept. */
function canAccept({ state }: SupervisedProcess): boolean {
  return state === 'starting' || state === 'ready';
}
