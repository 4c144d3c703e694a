import type { DecodedInstance, DecodedWorker, LastExit } from '../../shared/stats.js';
import { inFlightCount, type InFlightRequest, inFlightRequests } from './in-flight.js';
import { type Rates, UNKNOWN_WORKER, type WorkerRates } from './rates.js';
import { sanitizeShort } from './sanitize.js';
import type { Series } from './series.js';
import { workerCondition, type WorkerCondition } from './worker-state.js';

/**
 * Names one process beyond doubt. `nth` tells apart rows that are equal in all three, as the never
 * spawned workers of a real uWSGI are (all of them have id, pid and spawn time 0).
 */
export interface RowIdentity {
  readonly worker: number;
  readonly pid: number;
  /** `last_spawn`, 0 when unknown. */
  readonly spawned: number;
  readonly nth: number;
}

/** A worker with everything the table, the filter and the sort want to know of it. */
export interface WorkerRow {
  readonly identity: RowIdentity;
  readonly worker: DecodedWorker;
  readonly condition: WorkerCondition;
  readonly rates: WorkerRates;
  readonly rps: Series;
  /** Percent of all requests; null when the document does not count them. */
  readonly share: number | null;
  readonly inFlight: number | null;
  /** Null when the instance has no `async` cap, and so no queue of its own. */
  readonly queue: number | null;
  /** Oldest first. */
  readonly requests: readonly InFlightRequest[];
  /** Seconds since the process was spawned; null when unknown or when none runs. */
  readonly age: number | null;
}

export interface RowSource {
  readonly instance: DecodedInstance;
  readonly rates: Rates;
  readonly series: ReadonlyMap<number, Series>;
  /** The server's clock in seconds since 1970, or null when unknown. */
  readonly now: number | null;
}

/** Whether two identities name the same row. */
export function sameRow(a: RowIdentity, b: RowIdentity): boolean {
  return a.worker === b.worker && a.pid === b.pid && a.spawned === b.spawned && a.nth === b.nth;
}

/** How a process ended, for people: `exit code 1 (crash)`, `SIGKILL (killed)`. */
export function lastExitText(exit: LastExit): string {
  const how = exit.signal ?? (exit.code === null ? 'unknown end' : `exit code ${exit.code}`);
  return sanitizeShort(`${how} (${exit.reason})`, 80);
}

/** The rows of a document in its own order. */
export function buildRows(source: RowSource): WorkerRow[] {
  const { instance, rates, series, now } = source;
  const total = instance.workers.reduce((sum, worker) => sum + (worker.requests ?? 0), 0);
  const seen = new Map<string, number>();
  return instance.workers.map((worker) => {
    const spawned = worker.last_spawn ?? 0;
    const name = `${worker.id}/${worker.pid}/${spawned}`;
    const nth = seen.get(name) ?? 0;
    seen.set(name, nth + 1);
    return {
      identity: { worker: worker.id, pid: worker.pid, spawned, nth },
      worker,
      condition: workerCondition(worker),
      rates: rates.workers.get(worker.id) ?? UNKNOWN_WORKER,
      rps: series.get(worker.id) ?? [],
      share: shareOf(worker, total),
      inFlight: inFlightCount(worker),
      queue: (instance.async ?? 0) > 0 ? (worker.queue_depth ?? null) : null,
      requests: inFlightRequests(worker, now),
      age: ageOf(worker, now),
    };
  });
}

function shareOf(worker: DecodedWorker, total: number): number | null {
  return worker.requests === undefined || total <= 0 ? null : (100 * worker.requests) / total;
}

function ageOf(worker: DecodedWorker, now: number | null): number | null {
  const spawned = worker.last_spawn ?? 0;
  return worker.pid === 0 || spawned <= 0 || now === null ? null : Math.max(0, now - spawned);
}
