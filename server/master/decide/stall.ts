import type { MasterEvent } from './events.js';
import { type Decision, ending, log, seconds } from './process.js';
import { withProcess } from './slots.js';
import { type MasterState, slotOf, withSlot } from './state.js';

type StalledEvent = Extract<MasterEvent, { type: 'stalled' }>;

/** A process has given no sign of life for too long: nothing but SIGKILL reaches it. */
export function onStalled(state: MasterState, event: StalledEvent, now: number): Decision {
  const slot = slotOf(state, event.pid);
  const process = slot?.processes.find(({ pid }) => pid === event.pid);
  if (slot === undefined || process === undefined) return [state, []];
  const who = `worker ${slot.id} (pid: ${event.pid})`;
  const line = `${who} has given no sign of life for ${seconds(event.silentMs)} seconds (stopped, or without its monitor thread)...NO MERCY !!!`;
  const ended = { ...ending(process, 'stall', now), reason: 'stall' };
  const effects = [log(line, 'error'), { type: 'sigkill', pid: event.pid } as const];
  return [withSlot(state, withProcess(slot, ended)), effects];
}
