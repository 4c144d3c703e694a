import type { MasterEvent } from './events.js';
import { type Decision, draining, ending, log } from './process.js';
import { type WorkerProcess, type WorkerSlot, withProcess } from './slots.js';
import { type MasterState, slotOf, withSlot } from './state.js';

type Signalled = Extract<MasterEvent, { type: 'signalled' }>;

/**
 * Somebody sent a signal to one worker, which tells it. What each means is what the dashboard's
 * signal menu says: HUP asks for a replacement first, and serves on until that is ready; TERM
 * drains at once and is over within the mercy, whether there is a replacement or not; INT exits.
 * The worker has begun already, so that it obeys although its master should be held up.
 */
export function onSignalled(state: MasterState, event: Signalled, now: number): Decision {
  const slot = slotOf(state, event.pid);
  const process = slot?.processes.find(({ pid }) => pid === event.pid);
  if (slot === undefined || process === undefined || state.phase !== 'running') return [state, []];
  const who = `worker ${slot.id} (pid: ${event.pid})`;
  if (event.signal === 'SIGHUP') {
    if (!isCurrent(process, slot)) return [state, []];
    const line = log(`${who} was sent SIGHUP...gracefully replacing it...`);
    return [withSlot(state, { ...slot, wanted: slot.wanted + 1 }), [line]];
  }
  if (event.signal === 'SIGTERM' && process.state === 'ready') {
    const why = { reason: 'killed', mercyMs: state.settings.mercyMs };
    const line = log(`${who} was sent SIGTERM...it finishes its requests...`);
    return [withSlot(state, withProcess(slot, draining(process, why, now))), [line]];
  }
  // One that drains already goes on, with the mercy it has.
  if (event.signal === 'SIGTERM' && process.state !== 'starting') return [state, []];
  const gone = withProcess(slot, ending(process, 'killed', now));
  return [withSlot(state, gone), [log(`${who} was sent ${event.signal}...it exits...`)]];
}

/** Whether it still is what the worker is meant to be: else it is about to be replaced anyway. */
function isCurrent(process: WorkerProcess, slot: WorkerSlot): boolean {
  const serves = process.state === 'ready' || process.state === 'starting';
  return serves && process.incarnation >= slot.wanted;
}
