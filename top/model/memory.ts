import type { DecodedInstance } from '../../shared/stats.js';
import { documentTime } from './currency.js';
import { type Model } from './model.js';
import type { WorkerRow } from './rows.js';
import { measured } from './measured.js';

/** The memory of all workers, in bytes; null is what the document does not tell. */
export interface Pool {
  readonly rss: number | null;
  /** Null as well while it is known of some workers only. */
  readonly pss: number | null;
  /** What `rss` counts more than once: pages that several processes share. */
  readonly shared: number | null;
  readonly heap: number | null;
  /** Workers whose size is known. */
  readonly workers: number;
}

/** Adds up the workers that have a process and a size. */
export function poolOf({ workers }: DecodedInstance): Pool {
  const running = workers.filter(({ pid, rss }) => pid !== 0 && measured(rss) !== null);
  const rss = total(running.map((worker) => worker.rss));
  const pss = total(running.map((worker) => worker.pss));
  const heap = total(running.map(({ heap_used: used }) => measured(used)));
  const shared = rss === null || pss === null || pss > rss ? null : rss - pss;
  return { rss, pss, shared, heap, workers: running.length };
}

/** A sum; null when any part of it is not known, and of nothing. */
function total(values: readonly (number | null | undefined)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === undefined || value === null) return null;
    sum += value;
  }
  return values.length === 0 ? null : sum;
}

/** A second more than its age: uWSGI tells the spawn in whole seconds. */
const GRAIN_MS = 1000;

/**
 * When the process of a worker began, in monotonic milliseconds: what is older belongs to another.
 * -Infinity where nobody tells; null without a process.
 */
export function sinceSpawn(model: Model, row: WorkerRow): number | null {
  const { shown } = model;
  if (row.worker.pid === 0 || shown === null) return null;
  const age = row.age === null || documentTime(model) === null ? null : row.age * 1000 - GRAIN_MS;
  return age === null ? -Infinity : shown.at - age;
}
