import type { MasterEffect, MasterEvent } from './events.js';
import { type Decision, draining, ending, log, seconds } from './process.js';
import { onReload, outcome } from './reload.js';
import { serving, type WorkerProcess, withProcess } from './slots.js';
import { type MasterState, type PendingKill, slotOf, withSlot } from './state.js';

type KillEvent = Extract<MasterEvent, { type: 'kill' }>;

/** Ends one process in the way that was asked; `converge` spawns its successor. */
export function onKill(state: MasterState, event: KillEvent, now: number): Decision {
  const slot = slotOf(state, event.pid);
  const process = slot?.processes.find(({ pid }) => pid === event.pid);
  if (slot === undefined || process === undefined) {
    return [state, outcome(event.order, false, `pid ${event.pid} is gone`)];
  }
  if (event.signal === 'HUP' && process.state === 'ready') {
    return onReload(state, { type: 'reload', worker: slot.id, order: event.order }, now);
  }
  const { order, pid } = event;
  const drains = event.signal === 'TERM' && hasRequests(process);
  const changed = drains ? drained(process, state, now) : ending(process, 'killed', now);
  const what = drains ? 'drained' : event.signal === 'KILL' ? 'killed' : 'ended';
  const pending: PendingKill = { order, worker: slot.id, pid, what, at: now, goneAt: null };
  const effect: MasterEffect =
    event.signal === 'KILL'
      ? { type: 'sigkill', pid }
      : { type: 'send', pid, frame: drains ? 'drain' : 'exit' };
  return [
    { ...withSlot(state, withProcess(slot, changed)), kills: [...state.kills, pending] },
    [log(`killing worker ${slot.id} (pid: ${pid}) with ${event.signal}`), effect],
  ];
}

/** Whether there can be requests to finish. */
function hasRequests({ state }: WorkerProcess): boolean {
  return state === 'ready' || state === 'draining';
}

/** One that drains already goes on: neither are its requests cut off nor is its mercy renewed. */
function drained(process: WorkerProcess, state: MasterState, now: number): WorkerProcess {
  if (process.state === 'draining') return process;
  return draining(process, { reason: 'killed', mercyMs: state.settings.mercyMs }, now);
}

/** How long a successor may take before the requester is told that there is none yet. */
const SUCCESSOR_MS = 30_000;

/** Tells the requesters of kills whose process is gone and replaced. */
export function finishKills(state: MasterState, now: number): Decision {
  const effects: MasterEffect[] = [];
  const left = state.kills.filter((pending) => {
    const told = tell(state, pending, now);
    effects.push(...(told ?? []));
    return told === null;
  });
  return left.length === state.kills.length ? [state, []] : [{ ...state, kills: left }, effects];
}

/** The outcome of a kill; null while it is open. */
function tell(
  state: MasterState,
  pending: PendingKill,
  now: number,
): readonly MasterEffect[] | null {
  const { order, worker, pid, what, at, goneAt } = pending;
  if (goneAt === null) return null;
  const gone = `worker ${worker}: pid ${pid} ${what} in ${seconds(goneAt - at)} s`;
  if (state.phase !== 'running') return outcome(order, true, `${gone}; the master is stopping`);
  const slot = state.slots.find(({ id }) => id === worker);
  if (slot?.cheap === true) return outcome(order, true, `${gone}; the worker is cheap now`);
  const successor = slot === undefined ? undefined : serving(slot);
  if (successor?.readyAt != null) {
    const took = seconds(successor.readyAt - successor.spawnedAt);
    return outcome(order, true, `${gone}, pid ${successor.pid} ready in ${took} s`);
  }
  if (now - goneAt < SUCCESSOR_MS) return null;
  return outcome(order, false, `${gone}, but no successor is ready yet`);
}
