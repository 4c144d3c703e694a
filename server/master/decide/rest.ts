import { isSpoolerSettled } from './spoolers/spooler-slots.js';
import type { RouterSlot, WorkerSlot } from './slots.js';
import type { MasterState } from './state.js';

/**
 * Whether nothing depends on the time: every worker that is wanted serves, none is to be replaced,
 * and nobody waits for anything. Then the clock need not be looked at before the next event.
 */
export function isAtRest(state: MasterState): boolean {
  return (
    state.phase === 'running' &&
    state.settings.recycling === undefined &&
    state.reload === null &&
    state.upgrade === null &&
    state.kills.length === 0 &&
    state.reloads.length === 0 &&
    state.scales.length === 0 &&
    state.slots.every(isSettled) &&
    state.routers.every(isRouterSettled) &&
    state.spoolers.every((slot) => isSpoolerSettled(slot, !state.spoolersWait))
  );
}

function isSettled(slot: WorkerSlot): boolean {
  if (slot.spawning) return false;
  const [process, ...others] = slot.processes;
  if (process === undefined) return slot.cheap;
  return (
    !slot.cheap &&
    others.length === 0 &&
    process.state === 'ready' &&
    process.incarnation >= slot.wanted &&
    process.deadline === null &&
    process.due === null
  );
}

function isRouterSettled({ spawning, processes, wanted }: RouterSlot): boolean {
  const [process, ...others] = processes;
  return (
    !spawning &&
    others.length === 0 &&
    process?.state === 'ready' &&
    process.incarnation >= wanted &&
    process.deadline === null
  );
}
