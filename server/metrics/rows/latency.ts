import { type Buckets, bucketOf, lowerBound, total } from '../../../shared/histogram.js';
import { instanceLatency } from '../latency.js';
import type { Metric } from '../metric.js';

/**
 * The bounds of the exported histogram, in microseconds: two to each doubling, from a quarter of a
 * millisecond to 67 seconds. Every one is a bound of our own finer buckets, so that counts are
 * added up and never estimated.
 */
export const BOUNDS_US: readonly number[] = Array.from({ length: 37 }, (_, at) =>
  lowerBound(bucketOf(256) + 2 * at),
);

/**
 * One histogram for the instance and not one a worker: all workers run the same application on the
 * same sockets, so a slow one shows in its stalls and not in its share of the answers, while
 * sixty-four of them would make 2,560 series of this metric alone.
 */
export const LATENCY_METRIC: Metric = {
  name: 'tsuwsgi_request_duration_seconds',
  type: 'histogram',
  unit: 'seconds',
  help: 'How long requests took, from the first byte that Node gave the application to the end of the response.',
  labels: [],
  read: ({ workers }) => {
    const buckets = instanceLatency({ workers });
    const micros = workers.reduce((sum, { latency }) => sum + latency.sum_us, 0);
    return [
      {
        labels: [],
        buckets: cumulative(buckets),
        count: total(buckets),
        sum: micros / 1e6,
      },
    ];
  },
};

/** A bucket that begins at a bound lies above it: times are whole microseconds, rounded down. */
function cumulative(buckets: Buckets): { le: number; count: number }[] {
  return BOUNDS_US.map((bound) => ({
    le: bound / 1e6,
    count: total(buckets.filter(([bucket]) => lowerBound(bucket) < bound)),
  }));
}
