import type { MasterEvent } from './events.js';
import { type Decision, log } from './process.js';
import type { Measurement, RecycleRules } from './recycle-rules.js';
import { serving, type WorkerProcess, type WorkerSlot, withProcess } from './slots.js';
import { type MasterState, withSlot } from './state.js';

/**
 * The budget of all workers together: when they take more than it, the worst of them is due, one at a
 * time and no earlier than the last one has gone. A worker counts with its share of shared pages
 * (PSS), so that the sum is what the machine gives; where the kernel does not tell that, with all it
 * has resident.
 *
 * Who has not grown since it was ready is left alone: its replacement would take as much. A budget
 * below what fresh workers need therefore replaces nobody, and is said in the log.
 */

const MB = 1024 * 1024;

/** A process has grown when it takes so much more than the least that it took. */
const GROWN = { share: 0.1, bytes: 8 * MB } as const;

/** How often it is said that nothing can be done. */
const TELL_MS = 600_000;

interface Taker {
  readonly slot: WorkerSlot;
  readonly process: WorkerProcess;
  readonly used: number;
  readonly grown: number;
}

type Measured = Extract<MasterEvent, { type: 'measured' }>;

/**
 * What processes count for in the budget; null where it was not measured. Where the kernel tells the
 * share of one, who has not had its turn yet counts for nothing: all that it has resident would be
 * too much by far.
 */
function countedBy(processes: readonly Measurement[]): (measured: Measurement) => number | null {
  const tellsShares = processes.some(({ pss }) => pss !== null);
  return ({ pss, rss }) => (tellsShares ? pss : rss);
}

/** Marks the worst worker as due when all together take more than `--memory-budget`. */
export function keepBudget(
  before: MasterState,
  { processes }: Measured,
  rules: RecycleRules,
  now: number,
): Decision {
  const { budget } = rules;
  if (budget === null) return [before, []];
  const state = withLeastMemory(before, processes, rules, now);
  if (state.reload !== null || isChanging(state)) return [state, []];
  const counted = countedBy(processes);
  const pool = processes.reduce((sum, measured) => sum + (counted(measured) ?? 0), 0);
  if (pool <= budget) return [state, []];
  const takers = state.slots.flatMap((slot) => takerOf(slot, processes));
  const worst = takers
    .filter((taker) => hasGrown(taker) && mayGo(taker, rules, now))
    .sort((a, b) => b.used - a.used)[0];
  const head = `the workers take ${mb(pool)} MB together (memory-budget ${mb(budget)} MB)`;
  if (worst === undefined) return nothingToDo(state, takers, head, now);
  const { slot, process, used, grown } = worst;
  const line = `${head}: replacing worker ${slot.id} (pid: ${process.pid}), which takes ${mb(used)} MB, ${mb(grown)} more than at its least`;
  const due = { reason: 'memory-budget', line, at: now };
  return [withSlot(state, withProcess(slot, { ...process, due })), []];
}

/** Notes the least that each process took since it is old enough to be replaced. */
function withLeastMemory(
  state: MasterState,
  processes: readonly Measurement[],
  { minLifetimeMs }: RecycleRules,
  now: number,
): MasterState {
  const counted = countedBy(processes);
  return state.slots.reduce((changed, slot) => {
    const process = serving(slot);
    if (process === undefined || now - (process.readyAt ?? now) < minLifetimeMs) return changed;
    const measured = processes.find(({ pid }) => pid === process.pid);
    const used = measured === undefined ? null : counted(measured);
    if (used === null || used >= (process.leastMemory ?? Infinity)) return changed;
    return withSlot(changed, withProcess(slot, { ...process, leastMemory: used }));
  }, state);
}

/**
 * Whether a worker is being replaced or is to be, or less than half of those that should serve do:
 * the budget waits for them. A process that finishes its requests still takes its memory.
 */
function isChanging({ slots }: MasterState): boolean {
  const wanted = slots.filter(({ cheap }) => !cheap);
  const serve = wanted.filter((slot) => serving(slot) !== undefined);
  const isOnItsWay = slots.some(
    ({ processes }) => processes.length > 1 || processes.some(({ due }) => due !== null),
  );
  return isOnItsWay || serve.length * 2 < wanted.length;
}

function takerOf(slot: WorkerSlot, processes: readonly Measurement[]): Taker[] {
  const process = serving(slot);
  const measured = processes.find(({ pid }) => pid === process?.pid);
  const used = measured === undefined ? null : countedBy(processes)(measured);
  if (process === undefined || used === null) return [];
  return [{ slot, process, used, grown: used - (process.leastMemory ?? used) }];
}

function hasGrown({ used, grown }: Taker): boolean {
  return grown >= GROWN.bytes && grown >= GROWN.share * (used - grown);
}

function mayGo({ slot, process }: Taker, { minLifetimeMs }: RecycleRules, now: number): boolean {
  const { readyAt } = process;
  return readyAt !== null && now - readyAt >= minLifetimeMs && now >= slot.recycleAt;
}

/** Said when all are known and none has grown: a young one may still turn out to be who takes it. */
function nothingToDo(
  state: MasterState,
  takers: readonly Taker[],
  head: string,
  now: number,
): Decision {
  const isTold = state.budgetToldAt !== null && now - state.budgetToldAt < TELL_MS;
  const isKnown = takers.length > 0 && takers.every(({ process }) => process.leastMemory !== null);
  if (isTold || !isKnown || takers.some(hasGrown)) return [state, []];
  const line = `${head}, and none of them has grown: fresh ones would take as much, so none is replaced`;
  return [{ ...state, budgetToldAt: now }, [log(line, 'warn')]];
}

function mb(bytes: number): string {
  return (bytes / MB).toFixed(0);
}
