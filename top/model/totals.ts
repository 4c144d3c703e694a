import type { DecodedInstance } from '../../shared/stats.js';
import { isRoutersAlone } from './routers-alone.js';
import { inFlightCount } from './in-flight.js';
import { conditionsOf, type WorkerKind } from './worker-state.js';

/** The sums of the header; null is what the document does not tell. */
export interface Totals {
  readonly requests: number | null;
  readonly exceptions: number | null;
  readonly harakiri: number | null;
  readonly inFlight: number | null;
  /** Requests that wait in routers and inside workers; null without either an `async` cap or one. */
  readonly queue: number | null;
  readonly listen: number | null;
  readonly listenMax: number | null;
  /** Bytes. */
  readonly rss: number | null;
  /** Percent of one core, workers and master. */
  readonly cpu: number | null;
  readonly workers: number;
  readonly kinds: ReadonlyMap<WorkerKind, number>;
}

function sum(values: readonly (number | null | undefined)[]): number | null {
  return sumOf(values, (value) => value);
}

/** Null, too, for what is too much for a number: a server may say anything. */
function sumOf<T>(all: readonly T[], of: (one: T) => number | null | undefined): number | null {
  let total: number | null = null;
  for (const one of all) {
    const value = of(one);
    if (value !== undefined && value !== null) total = (total ?? 0) + value;
  }
  return total === null || Number.isFinite(total) ? total : null;
}

/** Adds up one document. */
export function totalsOf(instance: DecodedInstance): Totals {
  const { workers, routers = [] } = instance;
  const isAlone = isRoutersAlone(instance);
  const kinds = new Map<WorkerKind, number>();
  for (const { kind } of conditionsOf(workers)) {
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return {
    requests: isAlone
      ? sumOf(routers, ({ requests }) => requests)
      : sumOf(workers, ({ requests }) => requests),
    exceptions: sumOf(workers, ({ exceptions }) => exceptions),
    harakiri: sumOf(workers, (worker) => worker.harakiri_count),
    inFlight: isAlone
      ? sumOf(routers, (router) => router.in_flight)
      : (instance.in_flight ?? sumOf(workers, inFlightCount)),
    queue: queueOf(instance),
    ...listenOf(instance),
    rss: totalRss(instance),
    cpu: sum([sumOf(workers, ({ cpu }) => cpu), instance.master?.cpu]),
    workers: workers.length,
    kinds,
  };
}

function queueOf(instance: DecodedInstance): number | null {
  const inRouters = sumOf(instance.routers ?? [], ({ queued }) => queued);
  if ((instance.async ?? 0) <= 0) return inRouters;
  const inside = instance.queue_depth ?? sumOf(instance.workers, (worker) => worker.queue_depth);
  return sum([inRouters, inside]);
}

/** The longest accept queue, and the limit of that socket. */
function listenOf(instance: DecodedInstance): Pick<Totals, 'listen' | 'listenMax'> {
  const [longest] = [...(instance.sockets ?? [])].sort((a, b) => b.queue - a.queue);
  return {
    listen: instance.listen_queue ?? longest?.queue ?? null,
    listenMax: longest?.max_queue ?? null,
  };
}

/** The resident memory of all workers in bytes; null when no worker reports any. */
export function totalRss(instance: DecodedInstance): number | null {
  const bytes = instance.workers.reduce((total, worker) => total + (worker.rss ?? 0), 0);
  return bytes > 0 && Number.isFinite(bytes) ? bytes : null;
}

/** The requests that wait for a worker or inside one; null when the document tells of neither. */
export function totalWaiting(instance: DecodedInstance): number | null {
  const waiting = sum([listenOf(instance).listen, queueOf(instance)]);
  return waiting !== null && waiting >= 0 && Number.isFinite(waiting) ? waiting : null;
}
