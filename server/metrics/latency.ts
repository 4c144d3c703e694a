import type { Buckets } from '../../shared/histogram.js';
import type { StatsDocument } from '../../shared/stats.js';

/**
 * The latency of all requests of an instance. Added up in one pass: merging the workers one after
 * the other would sort a thousand times.
 */
export function instanceLatency({ workers }: Pick<StatsDocument, 'workers'>): Buckets {
  const counts = new Map<number, number>();
  for (const { latency } of workers) {
    for (const [bucket, count] of latency.buckets) {
      counts.set(bucket, (counts.get(bucket) ?? 0) + count);
    }
  }
  return [...counts].sort(([a], [b]) => a - b);
}
