import { assertNever } from '../../../shared/result.js';
import { converge } from './converge.js';
import type { MasterEvent } from './events.js';
import { onExited } from './exits.js';
import { onKill } from './kill.js';
import { onLoad } from './load.js';
import { onPause } from './pause.js';
import type { Decision } from './process.js';
import { onReload } from './reload.js';
import { onScale, onScaleTo } from './scale.js';
import { onFault, onReady, onSpawned, onSpawnFailed } from './spawns.js';
import type { MasterState } from './state.js';
import { stop } from './stop.js';

/**
 * Decides everything the master does: a state and an event give the next state and what is to be
 * done. Events only record what happened or move a target; `converge` then closes the gap, so that
 * it is safe to ask twice. `now` is monotonic milliseconds.
 */
export function step(state: MasterState, event: MasterEvent, now: number): Decision {
  if (state.phase === 'halted') return [state, []];
  const [recorded, effects] = record(state, event, now);
  const [converged, further] = converge(recorded, now);
  return [converged, [...effects, ...further]];
}

function record(state: MasterState, event: MasterEvent, now: number): Decision {
  if (isTarget(event)) return recordTarget(state, event, now);
  switch (event.type) {
    case 'tick':
      return [state, []];
    case 'spawned':
      return onSpawned(state, event, now);
    case 'spawn-failed':
      return onSpawnFailed(state, event, now);
    case 'ready':
      return onReady(state, event, now);
    case 'fault':
      return onFault(state, event);
    case 'exited':
      return onExited(state, event, now);
    case 'reload':
      return onReload(state, event, now);
    case 'kill':
      return onKill(state, event, now);
    case 'stop':
      return stop(state, event.graceful, now);
    default:
      return assertNever(event);
  }
}

const TARGETS = ['scale', 'scale-to', 'pause', 'load', 'statistics'] as const;

type TargetEvent = Extract<MasterEvent, { type: (typeof TARGETS)[number] }>;

function isTarget(event: MasterEvent): event is TargetEvent {
  return TARGETS.some((type) => type === event.type);
}

/** What concerns how many workers there are and whether they accept. */
function recordTarget(state: MasterState, event: TargetEvent, now: number): Decision {
  switch (event.type) {
    case 'scale':
      return onScale(state, event, now);
    case 'scale-to':
      return onScaleTo(state, event, now);
    case 'pause':
      return onPause(state, event);
    case 'load':
      return onLoad(state, event, now);
    case 'statistics':
      return [state, [{ type: 'statistics' }]];
    default:
      return assertNever(event);
  }
}
