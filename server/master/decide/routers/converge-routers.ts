import type { MasterEffect } from '../events.js';
import { type Decision, EXIT_MERCY_MS, isDying, log } from '../process.js';
import { forcedInStop } from '../stop.js';
import { isCurrent, isUnderWay, serving } from '../slots.js';
import { active, type MasterState } from '../state.js';

/** Closes the gap between the routers that are and those that are wanted. Safe to repeat. */
export function convergeRouters(state: MasterState, now: number): Decision {
  if (state.routers.length === 0) return [state, []];
  const [punished, kills] = killOverdue(state, now);
  if (punished.phase !== 'running') return [punished, kills];
  const [replaced, spawns] = spawnMissing(punished, now);
  return [replaced, [...kills, ...spawns]];
}

function killOverdue(state: MasterState, now: number): Decision {
  const effects: MasterEffect[] = [];
  const routers = state.routers.map((slot) => ({
    ...slot,
    processes: slot.processes.map((process) => {
      if (process.deadline === null || process.deadline > now) return process;
      const who = `gateway "tsuwsgi http ${slot.id}" (pid: ${process.pid})`;
      effects.push(log(`${who} is taking too much time to die...NO MERCY !!!`, 'warn'), {
        type: 'sigkill',
        pid: process.pid,
      });
      return { ...process, deadline: now + EXIT_MERCY_MS };
    }),
  }));
  if (effects.length === 0) return [state, []];
  return [forcedInStop({ ...state, routers }, effects), effects];
}

/**
 * In a reload the workers come first, so that a new router never asks an old one for long, and the
 * routers are replaced one after the other.
 */
function spawnMissing(state: MasterState, now: number): Decision {
  const effects: MasterEffect[] = [];
  const areWorkersNew = state.reload === null || active(state).every(isCurrent);
  let isReplacing = state.routers.some((slot) => isUnderWay(slot) && serving(slot) !== undefined);
  const routers = state.routers.map((slot) => {
    if (isUnderWay(slot) || now < slot.respawnAt) return slot;
    const current = serving(slot);
    if (current !== undefined) {
      if (current.incarnation >= slot.wanted || isReplacing || !areWorkersNew) return slot;
      isReplacing = true;
    } else if (slot.processes.some((process) => isDying(process, now))) {
      return slot;
    }
    effects.push({ type: 'spawn-router', router: slot.id });
    return { ...slot, spawning: true };
  });
  return effects.length === 0 ? [state, []] : [{ ...state, routers }, effects];
}
