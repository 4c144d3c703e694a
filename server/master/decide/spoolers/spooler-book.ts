import { bucketOf } from '../../../../shared/histogram.js';
import type { RunEnd, RunFrame } from '../../../wire/spooler-frames.js';
import type { QueueCounts } from '../../../queue/contract.js';

/** A run of a task that has not ended. Times are monotonic milliseconds. */
export interface Run extends RunFrame {
  readonly beganAt: number;
  /** How far it says it is, 0 to 1; null: it has not said. */
  readonly share: number | null;
}

/** What one spooler has done over all its processes, and does now. */
export interface SpoolerFigures {
  readonly running: readonly Run[];
  /** Runs that ended, however. */
  readonly ended: number;
  /** Those that ended well. */
  readonly done: number;
  /** Runs a second over the last ten seconds. */
  readonly rate: number;
  /** How long runs took that ended: microseconds altogether, and [bucket, runs]. */
  readonly sumMicros: number;
  readonly buckets: readonly (readonly [number, number])[];
}

/** A run that has taken too long. */
export interface OverdueRun {
  readonly pid: number;
  readonly id: string;
  readonly name: string;
  readonly ageMs: number;
  /** Whose limit it is, as the end of a sentence. */
  readonly limit: string;
}

/** What the spoolers have told of their tasks; totals never go back. */
export interface SpoolerBook {
  began(spooler: number, pid: number, run: RunFrame, now: number): void;
  progress(pid: number, id: string, share: number): void;
  ended(
    pid: number,
    end: { readonly id: string; readonly how: RunEnd; readonly ms: number },
    now: number,
  ): void;
  /** A spooler tells how many tasks its queue has. */
  counted(queue: number, counts: QueueCounts, now: number): void;
  /** The process is gone: what it ran was cut. */
  retire(pid: number): void;
  /** Whether it runs a task. */
  runs(pid: number): boolean;
  /** The oldest run of each process that has taken too long; `harakiriMs` 0: only its own timeout counts. */
  overdue(harakiriMs: number, now: number): readonly OverdueRun[];
  /** When the next run will have taken too long, after `now`; Infinity: none will. */
  nextOverdue(harakiriMs: number, now: number): number;
  figures(spooler: number, now: number): SpoolerFigures;
  /** What is in a queue; null while nobody has told it lately. */
  counts(queue: number, now: number): QueueCounts | null;
}

/** How long a run may go on after its timeout, in which its signal was aborted. */
export const TIMEOUT_GRACE_MS = 5000;

/** Counts that are older are not shown. */
const STALE_MS = 10_000;

/** Over how many seconds the rate is taken. */
const RATE_S = 10;

interface Account {
  ended: number;
  done: number;
  sumMicros: number;
  readonly buckets: Map<number, number>;
  /** Runs that ended in each of the last seconds. */
  readonly recent: Map<number, number>;
}

export function createSpoolerBook(): SpoolerBook {
  const living = new Map<number, { readonly spooler: number; readonly runs: Map<string, Run> }>();
  const accounts = new Map<number, Account>();
  const queues = new Map<number, { readonly counts: QueueCounts; readonly at: number }>();
  return {
    began(spooler, pid, run, now) {
      const process = living.get(pid) ?? { spooler, runs: new Map<string, Run>() };
      living.set(pid, process);
      process.runs.set(run.id, { ...run, beganAt: now, share: null });
    },
    progress(pid, id, share) {
      const runs = living.get(pid)?.runs;
      const run = runs?.get(id);
      if (run !== undefined) runs?.set(id, { ...run, share });
    },
    ended(pid, { id, how, ms }, now) {
      const process = living.get(pid);
      if (process?.runs.delete(id) !== true) return;
      const account = accounts.get(process.spooler) ?? emptyAccount();
      accounts.set(process.spooler, account);
      note(account, how, ms, now);
    },
    counted: (queue, counts, now) => void queues.set(queue, { counts, at: now }),
    retire: (pid) => void living.delete(pid),
    runs: (pid) => (living.get(pid)?.runs.size ?? 0) > 0,
    overdue: (harakiriMs, now) =>
      [...living].flatMap(([pid, { runs }]) => {
        const late = [...runs.values()].flatMap((run) => lateness(run, harakiriMs, now));
        return late.slice(0, 1).map((run) => ({ ...run, pid }));
      }),
    nextOverdue(harakiriMs, now) {
      let next = Infinity;
      for (const { runs } of living.values()) {
        for (const run of runs.values()) {
          const due = deadlineOf(run, harakiriMs);
          if (due > now && due < next) next = due;
        }
      }
      return next;
    },
    figures(spooler, now) {
      const { ended, done, sumMicros, buckets, recent } = accounts.get(spooler) ?? emptyAccount();
      const own = [...living.values()].filter((process) => process.spooler === spooler);
      return {
        running: own.flatMap(({ runs }) => [...runs.values()]),
        ...{ ended, done, sumMicros, rate: rateOf(recent, now) },
        buckets: [...buckets].sort(([a], [b]) => a - b),
      };
    },
    counts(queue, now) {
      const told = queues.get(queue);
      return told === undefined || now - told.at > STALE_MS ? null : told.counts;
    },
  };
}

function emptyAccount(): Account {
  return { ended: 0, done: 0, sumMicros: 0, buckets: new Map(), recent: new Map() };
}

function note(account: Account, how: RunEnd, ms: number, now: number): void {
  const micros = Math.round(ms * 1000);
  const bucket = bucketOf(micros);
  const second = Math.floor(now / 1000);
  account.ended++;
  if (how === 'done') account.done++;
  account.sumMicros += micros;
  account.buckets.set(bucket, (account.buckets.get(bucket) ?? 0) + 1);
  account.recent.set(second, (account.recent.get(second) ?? 0) + 1);
  for (const old of account.recent.keys()) if (old < second - RATE_S) account.recent.delete(old);
}

/** Of whole seconds that are over: the one that runs is not full yet. */
function rateOf(recent: ReadonlyMap<number, number>, now: number): number {
  const second = Math.floor(now / 1000);
  const counted = [...recent].filter(([at]) => at < second && at >= second - RATE_S);
  return counted.reduce((sum, [, runs]) => sum + runs, 0) / RATE_S;
}

/** From when on a run has taken too long; Infinity: it never will. */
export function deadlineOf(
  { beganAt, timeoutMs }: Pick<Run, 'beganAt' | 'timeoutMs'>,
  harakiriMs: number,
): number {
  const ownMs = timeoutMs === null ? Infinity : timeoutMs + TIMEOUT_GRACE_MS;
  return beganAt + Math.min(ownMs, harakiriMs > 0 ? harakiriMs : Infinity);
}

function lateness(run: Run, harakiriMs: number, now: number): Omit<OverdueRun, 'pid'>[] {
  const { id, name, timeoutMs } = run;
  if (now < deadlineOf(run, harakiriMs)) return [];
  const ageMs = now - run.beganAt;
  const isHarakiri = harakiriMs > 0 && now >= run.beganAt + harakiriMs;
  const limit = isHarakiri
    ? `--spooler-harakiri is ${harakiriMs / 1000}`
    : `and did not end after its timeout of ${(timeoutMs ?? 0) / 1000}`;
  return [{ id, name, ageMs, limit }];
}
