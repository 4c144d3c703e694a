import type { MemoryPoint, MemorySeries, Replaced } from '../../shared/memory/points.js';
import type { DecodedInstance, DecodedWorker } from '../../shared/stats.js';
import { externalOf, measured } from './measured.js';

/** Points that are collected from documents, where no master keeps a history. */
export interface SeriesBook {
  /** Takes in a document that arrived at `t`, seconds since 1970. */
  take(t: number, instance: DecodedInstance): void;
  /** One for each worker that has or had a process of a known size. */
  series(): readonly MemorySeries[];
}

interface Collected {
  readonly pid: number;
  readonly spawn: number | undefined;
  readonly replaced: Replaced | null;
  heapLimit: number | null;
  readonly points: MemoryPoint[];
}

/** Documents that come faster tell nothing more of what takes minutes. */
const LEAST_APART_S = 0.9;

/**
 * Begins empty.
 * @param keptS Seconds after which points are forgotten.
 */
export function createSeriesBook(keptS: number): SeriesBook {
  const workers = new Map<number, Collected>();
  const add = (t: number, worker: DecodedWorker): void => {
    const point = pointOf(t, worker);
    if (point === null) return;
    const { id, pid, last_spawn: spawn } = worker;
    const before = workers.get(id);
    const isSame = before?.pid === pid && before.spawn === spawn;
    const collected = isSame
      ? before
      : { pid, spawn, replaced: replacedBy(before), heapLimit: null, points: [] };
    workers.set(id, collected);
    collected.heapLimit = measured(worker.heap_limit) ?? collected.heapLimit;
    const { points } = collected;
    if (t - (points.at(-1)?.t ?? -Infinity) < LEAST_APART_S) return;
    points.push(point);
    const first = points.findIndex((one) => one.t >= t - keptS);
    if (first > 0) points.splice(0, first);
  };
  return {
    take(t, { workers: all }) {
      for (const worker of all) add(t, worker);
    },
    series: () =>
      [...workers].map(([worker, { pid, spawn, heapLimit, replaced, points }]) => ({
        ...{ worker, pid, heapLimit, replaced, points },
        since: spawn === undefined || spawn === 0 ? null : spawn,
      })),
  };
}

/** Null for a worker without a process, and for one whose size nobody measures. */
function pointOf(t: number, worker: DecodedWorker): MemoryPoint | null {
  const rss = measured(worker.rss);
  if (worker.id <= 0 || worker.pid === 0 || rss === null) return null;
  return {
    ...{ t, rss, pss: worker.pss ?? null, uss: worker.uss ?? null, external: externalOf(worker) },
    heap: measured(worker.heap_used),
    requests: worker.delta_requests ?? null,
  };
}

function replacedBy(before: Collected | undefined): Replaced | null {
  const last = before?.points.at(-1);
  return before === undefined || last === undefined
    ? null
    : { pid: before.pid, rss: last.rss, at: last.t };
}
