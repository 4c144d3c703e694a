import { followChain } from './chain.js';
import type { MasterEffect } from './events.js';
import { finishKills } from './kill.js';
import { type Decision, draining, EXIT_MERCY_MS, isDying, log } from './process.js';
import { startRecycle } from './recycle.js';
import { finishReloads, forcedInReload } from './reload.js';
import { finishScales } from './scale.js';
import { convergeRouters } from './routers/converge-routers.js';
import { areRoutersDone, areRoutersGone } from './routers/router-slots.js';
import { convergeSpoolers } from './spoolers/converge-spoolers.js';
import { areSpoolersGone } from './spoolers/spooler-slots.js';
import { forcedInStop, stopped, workerMercy } from './stop.js';
import { isUnderWay, serving, type WorkerSlot } from './slots.js';
import { active, type MasterState } from './state.js';
import { settleUpgrade } from './upgrade.js';

/** Closes the gap between what is and what is wanted. Safe to repeat. */
export function converge(state: MasterState, now: number): Decision {
  const [punished, kills] = killOverdue(state, now);
  const [recycled, recycles] = startRecycle(punished, now);
  const [replaced, spawns] =
    recycled.phase === 'running' ? spawnMissing(recycled, now) : [recycled, []];
  const [routed, routers] = convergeRouters(replaced, now);
  const [spooled, spoolers] = convergeSpoolers(routed, now);
  const [left, drains] = drainBehindRouters(spooled, now);
  const [followed, links] = followChain(left, now);
  const [reloaded, reloads] = finishReloads(followed, now);
  const [told, outcomes] = finishKills(reloaded, now);
  const [scaled, sizes] = finishScales(told, now);
  const [settled, upgrades] = settleUpgrade(scaled, now);
  const [final, halts] = haltWhenEmpty(settled);
  const done = [...links, ...reloads, ...outcomes, ...sizes, ...upgrades, ...halts];
  return [final, [...kills, ...recycles, ...spawns, ...routers, ...spoolers, ...drains, ...done]];
}

function killOverdue(state: MasterState, now: number): Decision {
  const effects: MasterEffect[] = [];
  const slots = state.slots.map((slot) => {
    if (!slot.processes.some(({ deadline }) => deadline !== null && deadline <= now)) return slot;
    const processes = slot.processes.map((process) => {
      if (process.deadline === null || process.deadline > now) return process;
      const who = `worker ${slot.id} (pid: ${process.pid})`;
      effects.push(log(`${who} is taking too much time to die...NO MERCY !!!`, 'warn'), {
        type: 'sigkill',
        pid: process.pid,
      });
      return { ...process, deadline: now + EXIT_MERCY_MS };
    });
    return { ...slot, processes };
  });
  if (effects.length === 0) return [state, []];
  return [forcedInReload(forcedInStop({ ...state, slots }, effects), effects), effects];
}

/**
 * A reload replaces a quarter of the workers at a time: one after the other takes long with many
 * workers, all at once doubles the memory and starves those that serve. In a chain it is one, also
 * when the next one's process has died meanwhile and its successor starts.
 */
const SHARE = 4;

function spawnMissing(state: MasterState, now: number): Decision {
  const effects: MasterEffect[] = [];
  const inChain = state.reload?.chain != null;
  const isReplacing = (slot: WorkerSlot): boolean =>
    isUnderWay(slot) && (inChain || serving(slot) !== undefined);
  let replacing = state.slots.filter(isReplacing).length;
  const atOnce = inChain ? 1 : Math.max(1, Math.floor(active(state).length / SHARE));
  const slots = state.slots.map((slot) => {
    if (slot.cheap || isUnderWay(slot) || now < slot.respawnAt) return slot;
    const current = serving(slot);
    if (current !== undefined) {
      if (current.incarnation >= slot.wanted || replacing >= atOnce) return slot;
      replacing++;
    } else if (slot.processes.some((process) => isDying(process, now))) {
      return slot;
    }
    effects.push({ type: 'spawn', worker: slot.id });
    return { ...slot, spawning: true };
  });
  return effects.length === 0 ? [state, []] : [{ ...state, slots }, effects];
}

/** At a stop the routers finish first, since what they hold has to be answered by the workers. */
function drainBehindRouters(state: MasterState, now: number): Decision {
  if (state.phase !== 'stopping' || !areRoutersDone(state)) return [state, []];
  const isServing = (slot: WorkerSlot): boolean => serving(slot) !== undefined;
  if (!state.slots.some(isServing)) return [state, []];
  const why = { reason: 'stop', mercyMs: workerMercy(state, now) };
  const effects: MasterEffect[] = [];
  const slots = state.slots.map((slot) => ({
    ...slot,
    processes: slot.processes.map((process) => {
      if (process.state !== 'ready') return process;
      effects.push({ type: 'send', pid: process.pid, frame: 'drain' });
      return draining(process, why, now);
    }),
  }));
  return [{ ...state, slots }, effects];
}

function haltWhenEmpty(state: MasterState): Decision {
  const workers = state.slots.every((slot) => slot.processes.length === 0 && !slot.spawning);
  const empty = workers && areRoutersGone(state) && areSpoolersGone(state);
  if (state.phase !== 'stopping' || !empty) return [state, []];
  return [
    { ...state, phase: 'halted' },
    [...stopped(state), { type: 'halt', code: state.exitCode }],
  ];
}
