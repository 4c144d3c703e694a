import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';

/** Where the count of a kind of collection is; its milliseconds follow. The order is `GC_FIELDS`. */
const PLACE: Readonly<Record<number, number>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: 0,
  // V8's minor mark-sweep, which Node has no name for.
  2: 0,
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 2,
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 4,
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 6,
};

/** Adds one collection to the totals; a kind that is not known is left out. */
export function addCollection(totals: Float64Array, kind: number, ms: number): void {
  const place = PLACE[kind];
  if (place === undefined) return;
  totals[place] = (totals[place] ?? 0) + 1;
  totals[place + 1] = (totals[place + 1] ?? 0) + ms;
}

/**
 * Counts the garbage collections of this thread from now on, and their time. Node tells of them after
 * each, when the loop turns; no request does anything for it. Returns what ends it.
 */
export function watchCollections(totals: Float64Array): () => void {
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) addCollection(totals, kindOf(entry), entry.duration);
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => {
    observer.disconnect();
  };
}

/** What Node adds to an entry of this type, and its types do not know of every entry. */
function kindOf(entry: PerformanceEntry): number {
  const detail: unknown = 'detail' in entry ? entry.detail : null;
  if (typeof detail !== 'object' || detail === null || !('kind' in detail)) return NaN;
  return typeof detail.kind === 'number' ? detail.kind : NaN;
}
