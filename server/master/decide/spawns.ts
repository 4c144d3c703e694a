import { chanceOf, recentDeaths, respawnDelay } from './backoff.js';
import type { MasterEffect, MasterEvent } from './events.js';
import { farewell } from './harakiri.js';
import { type Decision, draining, ending, log, newProcess } from './process.js';
import { abandonReload } from './reload.js';
import { type WorkerProcess, type WorkerSlot, withProcess } from './slots.js';
import { type MasterState, slotOf, withSlot } from './state.js';

type Event<T extends MasterEvent['type']> = Extract<MasterEvent, { type: T }>;

/** A process was started: it is expected to become ready, or told to go if the master stops. */
export function onSpawned(state: MasterState, event: Event<'spawned'>, now: number): Decision {
  const { worker, pid } = event;
  const slot = state.slots.find(({ id }) => id === worker);
  if (!slot) return [state, [{ type: 'sigkill', pid }]];
  const effects: MasterEffect[] = [
    log(
      slot.spawns === 0
        ? `spawned tsuwsgi worker ${worker} (pid: ${pid}, cores: ${state.settings.cores})`
        : `Respawned tsuwsgi worker ${worker} (new pid: ${pid})`,
    ),
  ];
  let process = newProcess(pid, slot.wanted, now);
  if (state.phase !== 'running' || slot.cheap) {
    process = ending(process, slot.cheap ? 'cheap' : 'stop', now);
    effects.push({ type: 'send', pid, frame: 'exit' });
  }
  const next: WorkerSlot = {
    ...slot,
    processes: [...slot.processes, process],
    spawns: slot.spawns + 1,
    spawning: false,
  };
  return [withSlot(state, next), effects];
}

/** There is no process whose death could be waited for, so even the first retry waits this long. */
export const SPAWN_RETRY_MS = 1000;

/** The operating system refused a process (memory, process limit): tried again later. */
export function onSpawnFailed(
  state: MasterState,
  event: Event<'spawn-failed'>,
  now: number,
): Decision {
  const slot = state.slots.find(({ id }) => id === event.worker);
  if (!slot) return [state, []];
  const deaths = [...recentDeaths(slot.deaths, now), now];
  const respawnAt = now + Math.max(SPAWN_RETRY_MS, respawnDelay(deaths, chanceOf(slot.id, now)));
  const next = withSlot(state, { ...slot, deaths, respawnAt, spawning: false });
  return [next, [log(`cannot spawn worker ${slot.id}: ${event.message}`, 'error')]];
}

/** A process accepts: older ones of the same worker drain now, and not before. */
export function onReady(state: MasterState, event: Event<'ready'>, now: number): Decision {
  const slot = slotOf(state, event.pid);
  const process = slot?.processes.find(({ pid }) => pid === event.pid);
  if (slot === undefined || process?.state !== 'starting') return [state, []];
  const old = slot.processes.filter((other) => other.state === 'ready');
  if (!event.app && old.some(({ app }) => app)) {
    const gone = withSlot(state, withProcess(slot, ending(process, 'boot', now)));
    const reason = `worker ${slot.id} (pid: ${event.pid}) could not load the application`;
    const [next, effects] = abandonReload(gone, slot.id, reason, now);
    return [next, [{ type: 'send', pid: event.pid, frame: 'exit' }, ...effects]];
  }
  const { app, loadedInMs } = event;
  let next = withProcess(slot, { ...process, state: 'ready', app, loadedInMs, readyAt: now });
  const effects: MasterEffect[] = [];
  for (const other of old) {
    const why = other.harakiri
      ? farewell(other, state.settings)
      : { reason: whyReplaced(state, slot, other), mercyMs: state.settings.mercyMs };
    next = withProcess(next, draining(other, why, now));
    effects.push({ type: 'send', pid: other.pid, frame: 'drain' });
  }
  return [{ ...withSlot(state, next), booted: true }, effects];
}

/** A reload that somebody asked for goes before whatever else the process was due for. */
function whyReplaced(state: MasterState, slot: WorkerSlot, process: WorkerProcess): string {
  const isAsked = state.reload !== null || state.reloads.some(({ worker }) => worker === slot.id);
  return isAsked || process.due === null ? 'reload' : process.due.reason;
}

/** A process asks to be replaced: it serves on until its replacement is ready. */
export function onFault(state: MasterState, event: Event<'fault'>, now: number): Decision {
  const slot = slotOf(state, event.pid);
  const process = slot?.processes.find(({ pid }) => pid === event.pid);
  if (!slot || process?.state !== 'ready' || process.incarnation < slot.wanted) return [state, []];
  const line = `worker ${slot.id} (pid: ${event.pid}) had an exception outside a request: replacing it`;
  const faulty = withProcess(slot, { ...process, due: { reason: 'exception', line, at: now } });
  return [withSlot(state, { ...faulty, wanted: slot.wanted + 1 }), [log(line, 'warn')]];
}
