import type { DecodedInstance, DecodedWorker, LastExit } from '../../shared/stats.js';
import {
  haveRequests,
  inFlightCount,
  type InFlightRequest,
  inFlightRequests,
} from './in-flight.js';
import { type Rates, ratesOf, type WorkerRates } from './rates.js';
import { sanitizeShort } from './sanitize.js';
import { recentSeries, type WorkerHistory } from './worker-history.js';
import { conditionsOf, workerCondition, type WorkerCondition } from './worker-state.js';

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
  /** Requests per second over the last documents, newest last; null is a gap. */
  readonly rps: readonly (number | null)[];
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
  readonly history: WorkerHistory;
  /** The server's clock in seconds since 1970, or null when unknown. */
  readonly now: number | null;
}

/** Whether two identities name the same row. */
export function sameRow(a: RowIdentity, b: RowIdentity): boolean {
  return a.worker === b.worker && a.pid === b.pid && a.spawned === b.spawned && a.nth === b.nth;
}

/** Whether an identity names this row. To ask for the names of all rows would make a thousand. */
export function isRow(row: WorkerRow, identity: RowIdentity): boolean {
  const { id, pid } = row.worker;
  return id === identity.worker && pid === identity.pid && sameRow(row.identity, identity);
}

/** How a process ended, for people: `exit code 1 (crash)`, `SIGKILL (killed)`. */
export function lastExitText(exit: LastExit): string {
  const how = exit.signal ?? (exit.code === null ? 'unknown end' : `exit code ${exit.code}`);
  return sanitizeShort(`${how} (${exit.reason})`, 80);
}

/** How many documents a row's sparks go back. */
const SPARKS = 12;

/** The rows of a document in its own order. */
export function buildRows(source: RowSource): WorkerRow[] {
  const { workers } = source.instance;
  const total = workers.reduce((sum, worker) => sum + (worker.requests ?? 0), 0);
  const conditions = conditionsOf(workers);
  const serving = haveRequests(workers);
  const all: Whole = { ...source, total, conditions, serving };
  const nthOf = countAlike(workers);
  return workers.map((worker, at) => new Row(worker, { at, nth: nthOf(worker) }, all));
}

/** Tells workers apart that are equal in all else, to be called for each in turn. */
function countAlike(workers: readonly DecodedWorker[]): (worker: DecodedWorker) => number {
  // Ids that grow, as they do but for uWSGI's never spawned workers, name a worker each.
  if (workers.every(({ id }, index) => index === 0 || id > (workers[index - 1]?.id ?? id))) {
    return () => 0;
  }
  const counts = new Map<string, number>();
  return (worker) => {
    const name = `${worker.id}/${worker.pid}/${worker.last_spawn ?? 0}`;
    const nth = counts.get(name) ?? 0;
    counts.set(name, nth + 1);
    return nth;
  };
}

/** What all rows of a document go by. */
interface Whole extends RowSource {
  /** Requests of all workers. */
  readonly total: number;
  /** Of each worker. */
  readonly conditions: readonly WorkerCondition[];
  /** Whether each has requests in flight. */
  readonly serving: readonly boolean[];
}

const NO_REQUESTS: readonly InFlightRequest[] = [];

/** Works out what is asked of it: of a thousand rows fifty are in sight, and sorted by one column. */
class Row implements WorkerRow {
  readonly worker: DecodedWorker;
  readonly #at: number;
  readonly #nth: number;
  readonly #all: Whole;
  #identity: RowIdentity | undefined;
  #requests: readonly InFlightRequest[] | undefined;

  constructor(worker: DecodedWorker, { at, nth }: { at: number; nth: number }, all: Whole) {
    this.worker = worker;
    this.#at = at;
    this.#nth = nth;
    this.#all = all;
  }

  get identity(): RowIdentity {
    const { id, pid, last_spawn: spawned = 0 } = this.worker;
    return (this.#identity ??= { worker: id, pid, spawned, nth: this.#nth });
  }

  get condition(): WorkerCondition {
    return this.#all.conditions[this.#at] ?? workerCondition(this.worker);
  }

  get rates(): WorkerRates {
    return ratesOf(this.#all.rates, this.worker.id);
  }

  get rps(): readonly (number | null)[] {
    return recentSeries(this.#all.history, this.worker.id, 'rps', SPARKS);
  }

  get share(): number | null {
    const { requests } = this.worker;
    const { total } = this.#all;
    return requests === undefined || total <= 0 ? null : (100 * requests) / total;
  }

  get inFlight(): number | null {
    return inFlightCount(this.worker);
  }

  get queue(): number | null {
    return (this.#all.instance.async ?? 0) > 0 ? (this.worker.queue_depth ?? null) : null;
  }

  get requests(): readonly InFlightRequest[] {
    if (this.#all.serving[this.#at] === false) return NO_REQUESTS;
    return (this.#requests ??= inFlightRequests(this.worker, this.#all.now));
  }

  get age(): number | null {
    const { pid, last_spawn: spawned = 0 } = this.worker;
    const { now } = this.#all;
    return pid === 0 || spawned <= 0 || now === null ? null : Math.max(0, now - spawned);
  }
}
