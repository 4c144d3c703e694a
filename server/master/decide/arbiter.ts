import { assertNever } from '../../../shared/result.js';
import { converge } from './converge.js';
import type { MasterEvent } from './events.js';
import { onExited } from './exits.js';
import { onKill } from './kill.js';
import type { Decision } from './process.js';
import { onReload } from './reload.js';
import { onFault, onReady, onSpawned, onSpawnFailed } from './spawns.js';
import type { MasterState } from './state.js';
import { stop } from './stop.js';
import { isUpgradeEvent, onUpgradeEvent, type UpgradeEvent } from './upgrade.js';

/**
 * Decides everything the master does: a state and an event give the next state and what is to be
 * done. Events only record what happened or move a target; `converge` then closes the gap, so that
 * it is safe to ask twice. `now` is monotonic milliseconds.
 */
export function step(state: MasterState, event: MasterEvent, now: number): Decision {
  if (state.phase === 'halted') return [state, []];
  const [recorded, effects] = isUpgradeEvent(event)
    ? onUpgradeEvent(state, event, now)
    : record(state, event, now);
  const [converged, further] = converge(recorded, now);
  return [converged, [...effects, ...further]];
}

function record(
  state: MasterState,
  event: Exclude<MasterEvent, UpgradeEvent>,
  now: number,
): Decision {
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
