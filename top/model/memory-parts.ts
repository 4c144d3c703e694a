import type { DecodedWorker } from '../../shared/stats.js';
import { externalOf, measured } from './measured.js';

/** What resident memory is made of, in the order in which it is drawn. */
export const PARTS = ['shared', 'native', 'external', 'heap', 'other'] as const;

/**
 * `shared` with other processes; `heap` of JavaScript; `external` to it and owned by its objects;
 * `native` is what is left of all of it, and `other` what is left where one of the others is not known.
 */
export type Part = (typeof PARTS)[number];

/** Bytes of each part; null is not known, or not there to be told. */
export type Parts = Readonly<Record<Part, number | null>>;

/** The resident memory of a worker in parts that add up to it; null where its size is not known. */
export function partsOf(worker: DecodedWorker): Parts | null {
  const rss = measured(worker.rss);
  if (worker.pid === 0 || rss === null) return null;
  const shared = sharedOf(worker, rss);
  const heap = measured(worker.heap_used);
  const external = externalOf(worker);
  const rest = Math.max(0, rss - (shared ?? 0) - (heap ?? 0) - (external ?? 0));
  const isWhole = shared !== null && heap !== null && external !== null;
  return { shared, heap, external, native: isWhole ? rest : null, other: isWhole ? null : rest };
}

/** As told, or what is not its own alone. */
function sharedOf({ shared, uss }: DecodedWorker, rss: number): number | null {
  if (shared !== undefined && shared !== null) return shared;
  return uss === undefined || uss === null ? null : Math.max(0, rss - uss);
}
