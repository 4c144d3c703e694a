import type { MasterEffect, MasterEvent } from './events.js';
import { keepBudget } from './memory-budget.js';
import { type Decision, log } from './process.js';
import { type Measurement, recycleReason } from './recycle-rules.js';
import { type Due, serving, type WorkerProcess, type WorkerSlot, withProcess } from './slots.js';
import { type MasterState, withSlot } from './state.js';

/**
 * Recycling. A process that meets a rule is due; of those that are due one is replaced at a time,
 * longest due first, and its replacement is ready before it drains. So capacity never drops, and no
 * two workers load the application at once because they grew old together.
 */

type Measured = Extract<MasterEvent, { type: 'measured' }>;

/** Marks the processes that are due, and kills those that are beyond the evil limit. */
export function onMeasured(state: MasterState, event: Measured, now: number): Decision {
  const rules = state.settings.recycling;
  if (rules === undefined || state.phase !== 'running') return [state, []];
  let next = state;
  const effects: MasterEffect[] = [];
  for (const slot of state.slots) {
    for (const process of slot.processes) {
      const measured = event.processes.find(({ pid }) => pid === process.pid);
      if (measured === undefined) continue;
      const [changed, caused] = judge(next, { slot: slot.id, process, measured }, now);
      next = changed;
      effects.push(...caused);
    }
  }
  const [kept, told] = keepBudget(next, event, rules, now);
  return [kept, [...effects, ...told]];
}

function judge(
  state: MasterState,
  known: { slot: number; process: WorkerProcess; measured: Measurement },
  now: number,
): Decision {
  const { process, measured } = known;
  const rules = state.settings.recycling;
  const slot = state.slots.find(({ id }) => id === known.slot);
  if (slot === undefined || rules === undefined || process.readyAt === null) return [state, []];
  const rss = measured.rss ?? 0;
  if (rules.evilRss !== null && rss > rules.evilRss && process.state !== 'ending') {
    const line = `*** EVIL RELOAD ON WORKER ${slot.id} RSS: ${rss} (pid: ${process.pid}) ***`;
    const killed = withSlot(state, evilKilled(slot, process, now));
    return [killed, [log(line), { type: 'sigkill', pid: process.pid }]];
  }
  if (process.state !== 'ready' || process.due !== null) return [state, []];
  const ageMs = now - process.readyAt;
  const found = recycleReason(rules, { worker: slot.id, ageMs, measured });
  if (found === null) return [state, []];
  return [withSlot(state, withProcess(slot, { ...process, due: { ...found, at: now } })), []];
}

/**
 * It is no crash, and holds nothing back that counts crashes. Only an application that needs more
 * than the limit from its start on is spawned after a pause: it would be killed again at once.
 */
function evilKilled(slot: WorkerSlot, process: WorkerProcess, now: number): WorkerSlot {
  const isYoung = now - (process.readyAt ?? now) < EVIL_YOUNG_MS;
  const killed: WorkerProcess = {
    ...process,
    state: 'ending',
    reason: 'evil-rss',
    endingSince: now,
    deadline: now + EVIL_DEADLINE_MS,
  };
  return {
    ...withProcess(slot, killed),
    respawnAt: isYoung ? now + EVIL_PAUSE_MS : slot.respawnAt,
  };
}

/** A process that was ready for less than this when it was killed used too much from its start on. */
const EVIL_YOUNG_MS = 10_000;
const EVIL_PAUSE_MS = 1000;

/** A killed process is gone when the kernel has freed its memory; then it is killed once more. */
const EVIL_DEADLINE_MS = 10_000;

/** How long a worker is let be whose replacement did not start. */
const RETRY_MS = 30_000;

/** When a worker whose replacement failed may be recycled again. */
export function recycleAgainAt(now: number): number {
  return now + RETRY_MS;
}

/** Whether the replacement of a process that was due is on its way. */
export function isRecycling(slot: WorkerSlot): boolean {
  const process = serving(slot);
  return process !== undefined && process.due !== null && process.incarnation < slot.wanted;
}

/** Starts the next replacement, when none is under way; a reload of all replaces them anyway. */
export function startRecycle(state: MasterState, now: number): Decision {
  if (state.phase !== 'running' || state.reload !== null) return [state, []];
  if (state.slots.some(isRecycling)) return [state, []];
  const next = state.slots.flatMap((slot) => candidate(slot, now)).sort(byAge)[0];
  if (next === undefined) return [state, []];
  const { slot, due } = next;
  return [withSlot(state, { ...slot, wanted: slot.wanted + 1 }), [log(due.line)]];
}

interface Candidate {
  readonly slot: WorkerSlot;
  readonly due: Due;
}

function candidate(slot: WorkerSlot, now: number): readonly Candidate[] {
  const process = serving(slot);
  if (process === undefined || process.incarnation < slot.wanted) return [];
  return process.due === null || now < slot.recycleAt ? [] : [{ slot, due: process.due }];
}

function byAge(a: Candidate, b: Candidate): number {
  return a.due.at - b.due.at;
}
