import type { DecodedInstance, DecodedWorker } from '../../shared/stats.js';
import { type Buckets, type Grown, Growth } from '../../shared/histogram.js';
import { isRoutersAlone } from './routers-alone.js';

/** A document and when it arrived, monotonic milliseconds. */
export interface Sample {
  readonly at: number;
  readonly instance: DecodedInstance;
}

export interface WorkerRates {
  /** Requests per second since the document before; null when it cannot be known. */
  readonly rps: number | null;
  /** Microseconds over the window; null without requests in it. */
  readonly p99: number | null;
}

/** What can only be known from two documents. Null is "not known", never zero. */
export interface Rates {
  readonly rps: number | null;
  /** Bytes per second. */
  readonly tx: number | null;
  /** Microseconds over the window. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** By worker id; of those that did nothing none is kept, since they are most: see `ratesOf`. */
  readonly workers: ReadonlyMap<number, WorkerRates>;
  /** Of any other worker of the newest document. */
  readonly others: WorkerRates;
}

export const UNKNOWN_WORKER: WorkerRates = { rps: null, p99: null };

export const NO_RATES: Rates = {
  rps: null,
  tx: null,
  p50: null,
  p95: null,
  p99: null,
  workers: new Map(),
  others: UNKNOWN_WORKER,
};

/** Of a worker of the newest document. uWSGI's never spawned ones, all with id 0, have none. */
export function ratesOf({ workers, others }: Rates, id: number): WorkerRates {
  return id <= 0 ? UNKNOWN_WORKER : (workers.get(id) ?? others);
}

/** Closer documents than this give no rate: the clock's grain would show. */
export const MIN_ELAPSED_MS = 50;

/**
 * The rate of a counter between two samples, per second; null when a sample lacks it, when the
 * counter went back (it was reset), or when too little time passed.
 */
export function perSecond(
  later: number | undefined,
  earlier: number | undefined,
  elapsedMs: number,
): number | null {
  if (later === undefined || earlier === undefined || !(elapsedMs >= MIN_ELAPSED_MS)) return null;
  const rate = ((later - earlier) * 1000) / elapsedMs;
  return Number.isFinite(rate) && rate >= 0 ? rate : null;
}

/**
 * Whether counters of two documents belong together: the boot id of tsuwsgi, or for uWSGI, which
 * keeps its master pid over a reload while all counters start again, at least the same master.
 */
export function sameBoot(a: DecodedInstance, b: DecodedInstance): boolean {
  if (a.boot_id !== undefined || b.boot_id !== undefined) return a.boot_id === b.boot_id;
  return a.pid === b.pid;
}

function sameProcess(a: DecodedWorker, b: DecodedWorker): boolean {
  return a.pid !== 0 && a.pid === b.pid && a.last_spawn === b.last_spawn;
}

/** Workers that can be told apart: uWSGI gives every never spawned one the id 0. */
export function byId(instance: DecodedInstance): ById<DecodedWorker> {
  const known = KNOWN.get(instance);
  if (known !== undefined) return known;
  const made = inPlace(instance.workers) ?? mapped(instance);
  KNOWN.set(instance, made);
  return made;
}

/** What an id names. */
type ById<T> = Pick<ReadonlyMap<number, T>, 'get'>;

/** Workers that stand at their own number, as all of ours do, need no map; else undefined. */
function inPlace(workers: readonly DecodedWorker[]): ById<DecodedWorker> | undefined {
  return workers.every(({ id }, index) => id === index + 1)
    ? { get: (id) => workers[id - 1] }
    : undefined;
}

function mapped(instance: DecodedInstance): ById<DecodedWorker> {
  const made = new Map<number, DecodedWorker>();
  for (const worker of instance.workers) if (worker.id > 0) made.set(worker.id, worker);
  return made;
}

/** A document is compared with several others, as long as it is one end of the window. */
const KNOWN = new WeakMap<DecodedInstance, ById<DecodedWorker>>();

type Counter = 'requests' | 'tx';

/** A process that counts requests. */
type Counting = Pick<DecodedWorker, 'id' | 'pid' | Counter>;

/** Workers; before foreign back ends routers, which are all there is. */
function counting(instance: DecodedInstance): readonly Counting[] {
  return isRoutersAlone(instance) ? (instance.routers ?? []) : instance.workers;
}

/**
 * The rate of the sum over all workers, or over all routers where they are alone. Null when there is
 * neither, or any part of it could be wrong: a worker whose counter went back or is new with a count,
 * or, without a boot id to vouch for it, a respawn.
 */
function totalRate(later: Sample, earlier: Sample, counter: Counter): number | null {
  const all = counting(later.instance);
  if (all.length === 0) return null;
  const before: ById<Counting> = isRoutersAlone(earlier.instance)
    ? new Map(counting(earlier.instance).map((router) => [router.id, router]))
    : byId(earlier.instance);
  const vouched = later.instance.boot_id !== undefined;
  let grown = 0;
  for (const worker of all) {
    const old = before.get(worker.id);
    const value = worker[counter];
    if (value === undefined) return null;
    if (old === undefined) {
      if (value > 0) return null;
      continue;
    }
    if (old === worker) continue;
    if (!vouched && old.pid !== worker.pid) return null;
    const part = value - (old[counter] ?? Number.POSITIVE_INFINITY);
    if (!(part >= 0)) return null;
    grown += part;
  }
  return perSecond(grown, 0, later.at - earlier.at);
}

const NONE: Buckets = [];

/** What a worker served from one document to another. */
interface Recurring {
  readonly later: Buckets;
  readonly earlier: Buckets;
  readonly grown: Grown | null;
}

/**
 * By worker id, those of the document before: one that rests has served the same since the window's
 * begin until that moves on.
 */
let recurring: ReadonlyMap<number, Recurring> = new Map();

/** Adds up what workers served in a window. */
class Served {
  readonly all = new Growth();
  readonly #recurring = new Map<number, Recurring>();

  /**
   * Adds what `worker` served since it was `first`, at the window's begin; its p99, null when that
   * cannot be known.
   * @param old As it was in the document before.
   */
  add(
    worker: DecodedWorker,
    first: DecodedWorker | undefined,
    old: DecodedWorker | undefined,
  ): number | null {
    const { latency } = worker;
    // What no delta named is the same object, see decodeValue.
    if (latency === undefined || latency === first?.latency) return null;
    if (first !== undefined && first.latency === undefined) return null;
    const earlier = first?.latency?.buckets ?? NONE;
    if (latency !== old?.latency) return this.all.add(latency.buckets, earlier, P99);
    const { grown } = this.#found(worker.id, latency.buckets, earlier);
    return grown && this.all.addGrown(grown, P99);
  }

  /** All were added. */
  end(): void {
    recurring = this.#recurring;
  }

  #found(id: number, later: Buckets, earlier: Buckets): Recurring {
    const known = recurring.get(id);
    const found =
      known?.later === later && known.earlier === earlier
        ? known
        : { later, earlier, grown: this.all.grownBetween(later, earlier) };
    this.#recurring.set(id, found);
    return found;
  }
}

const P99 = 0.99;

/** Of a worker that did nothing between two documents. */
const RESTING: WorkerRates = { rps: 0, p99: null };

/** Whether of a worker that is the same as at the window's begin it can be told that it did nothing. */
function isResting(
  worker: DecodedWorker,
  first: DecodedWorker | undefined,
  elapsedMs: number,
): boolean {
  const { pid, requests, latency } = worker;
  const isCounted = requests !== undefined && latency !== undefined;
  return worker === first && pid !== 0 && isCounted && elapsedMs >= MIN_ELAPSED_MS;
}

/**
 * Rates between the newest document and the one before it, and latencies over the longer window
 * that starts at `windowStart`.
 */
export function ratesBetween(later: Sample, earlier: Sample, windowStart: Sample): Rates {
  if (!sameBoot(later.instance, earlier.instance)) return NO_RATES;
  const before = byId(earlier.instance);
  const longBefore = sameBoot(later.instance, windowStart.instance)
    ? byId(windowStart.instance)
    : before;
  const elapsed = later.at - earlier.at;
  const workers = new Map<number, WorkerRates>();
  const served = new Served();
  for (const worker of later.instance.workers) {
    const { id } = worker;
    if (id <= 0) continue;
    const old = before.get(id);
    const first = longBefore.get(id);
    // Most of many workers are the very objects that stood in both documents, see decodeValue.
    if (worker === old && isResting(worker, first, elapsed)) continue;
    const same = old !== undefined && sameProcess(worker, old);
    workers.set(id, {
      rps: same ? perSecond(worker.requests, old.requests, elapsed) : null,
      p99: served.add(worker, first, old),
    });
  }
  served.end();
  const { all } = served;
  return {
    rps: totalRate(later, earlier, 'requests'),
    tx: totalRate(later, earlier, 'tx'),
    p50: all.quantile(0.5),
    p95: all.quantile(0.95),
    p99: all.quantile(0.99),
    workers,
    others: RESTING,
  };
}
