import type { MasterEffect } from '../events.js';
import { type Decision, ending, EXIT_MERCY_MS, log, seconds } from '../process.js';
import { forcedInStop } from '../stop.js';
import { isCurrent, isUnderWay, serving, type SpoolerProcess, type SpoolerSlot } from '../slots.js';
import { active, type MasterState } from '../state.js';
import { hasDying, spoolerName } from './spooler-slots.js';

/** Closes the gap between the spoolers that are and those that are wanted. Safe to repeat. */
export function convergeSpoolers(state: MasterState, now: number): Decision {
  if (state.spoolers.length === 0) return [state, []];
  const [punished, kills] = killOverdue(state, now);
  if (punished.phase !== 'running') return [punished, kills];
  const [replaced, spawns] = spawnMissing(punished, now);
  const [working, begins] = letWork(replaced);
  return [working, [...kills, ...spawns, ...begins]];
}

function killOverdue(state: MasterState, now: number): Decision {
  const effects: MasterEffect[] = [];
  const bootMs = state.settings.spoolers?.bootMs ?? Infinity;
  const kill = (slot: SpoolerSlot, process: SpoolerProcess, why: string): void => {
    const line = `${spoolerName(slot, process.pid)} ${why}...NO MERCY !!!`;
    effects.push(log(line, 'warn'), { type: 'sigkill', pid: process.pid });
  };
  const spoolers = state.spoolers.map((slot) => ({
    ...slot,
    processes: slot.processes.map((process) => {
      if (process.state === 'starting' && now - process.spawnedAt >= bootMs) {
        kill(slot, process, `has not loaded its tasks after ${seconds(bootMs)} seconds`);
        // It died of itself: it is missed like any other that does.
        return { ...ending(process, '', now), reason: '' };
      }
      if (process.deadline === null || process.deadline > now) return process;
      kill(slot, process, 'is taking too much time to die');
      return { ...process, deadline: now + EXIT_MERCY_MS };
    }),
  }));
  if (effects.length === 0) return [state, []];
  return [forcedInStop({ ...state, spoolers }, effects), effects];
}

/** In a reload the workers come first, and the spoolers are replaced one after the other. */
function spawnMissing(state: MasterState, now: number): Decision {
  const effects: MasterEffect[] = [];
  const areWorkersNew = state.reload === null || active(state).every(isCurrent);
  let isReplacing = state.spoolers.some((slot) => isUnderWay(slot) && serving(slot) !== undefined);
  const spoolers = state.spoolers.map((slot) => {
    if (isUnderWay(slot) || now < slot.respawnAt || hasDying(slot, now)) return slot;
    const current = serving(slot);
    if (current !== undefined) {
      if (current.incarnation >= slot.wanted || isReplacing || !areWorkersNew) return slot;
      isReplacing = true;
    }
    effects.push({ type: 'spawn-spooler', spooler: slot.id });
    return { ...slot, spawning: true };
  });
  return effects.length === 0 ? [state, []] : [{ ...state, spoolers }, effects];
}

/** A spooler that has loaded its tasks claims some once it is told to: not while an old master serves. */
function letWork(state: MasterState): Decision {
  if (state.spoolersWait) return [state, []];
  const effects: MasterEffect[] = [];
  const spoolers = state.spoolers.map((slot) => ({
    ...slot,
    processes: slot.processes.map((process) => {
      if (process.state !== 'ready' || process.works) return process;
      effects.push({ type: 'send-spooler', pid: process.pid, frame: 'work' });
      return { ...process, works: true };
    }),
  }));
  return effects.length === 0 ? [state, []] : [{ ...state, spoolers }, effects];
}
