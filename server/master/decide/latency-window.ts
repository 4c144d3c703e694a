import { type Buckets, BUCKETS, middle } from '../../../shared/histogram.js';
import type { RecentLatency } from '../../../shared/stats.js';

/**
 * How long the requests of about the last minute took: what came to each worker's histogram, kept
 * in twelve steps of five seconds, of which the oldest is given up when a new one begins.
 */
export interface LatencyWindow {
  /** Takes what a worker has counted until now (never less than before), to be called each second. */
  look(worker: number, buckets: Buckets, now: number): void;
  /** Of one worker. */
  recent(worker: number): RecentLatency;
  /** Of all that were looked at. */
  all(): RecentLatency;
}

const STEP_MS = 5000;
const STEPS = 12;
const SECONDS = (STEP_MS * STEPS) / 1000;

const NONE: RecentLatency = {
  seconds: SECONDS,
  count: 0,
  p50_us: null,
  p95_us: null,
  p99_us: null,
};

/** Per bucket: the requests of the whole window. `made` is kept until they change. */
interface Whole {
  readonly sum: Float64Array;
  made: RecentLatency | null;
}

interface Past extends Whole {
  /** What was looked at last: the same list has nothing new. */
  last: Buckets;
  /** Per bucket: how many requests were known. */
  readonly seen: Float64Array;
  /** Per step and bucket: requests that came in it. */
  readonly steps: Uint32Array;
  /** The number of the newest step. */
  step: number;
}

/** Empty. */
export function createLatencyWindow(): LatencyWindow {
  const pasts = new Map<number, Past>();
  const whole: Whole = { sum: new Float64Array(BUCKETS), made: null };
  return {
    look(worker, buckets, now) {
      const step = Math.floor(now / STEP_MS);
      const past = pasts.get(worker) ?? (buckets.length === 0 ? undefined : newPast(step));
      if (past === undefined) return;
      pasts.set(worker, past);
      advance(past, step, whole);
      add(past, buckets, whole);
    },
    recent(worker) {
      const past = pasts.get(worker);
      if (past === undefined) return NONE;
      return (past.made ??= quantiles(past.sum));
    },
    all: () => (whole.made ??= quantiles(whole.sum)),
  };
}

function newPast(step: number): Past {
  return {
    last: [],
    seen: new Float64Array(BUCKETS),
    steps: new Uint32Array(STEPS * BUCKETS),
    sum: new Float64Array(BUCKETS),
    step,
    made: null,
  };
}

/** Gives up the steps that are older than the window. */
function advance(past: Past, step: number, whole: Whole): void {
  const passed = Math.min(step - past.step, STEPS);
  for (let next = 1; next <= passed; next++) {
    const row = ((step - passed + next) % STEPS) * BUCKETS;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      count(past, whole, bucket, -(past.steps[row + bucket] ?? 0));
    }
    past.steps.fill(0, row, row + BUCKETS);
  }
  past.step = step;
}

function add(past: Past, buckets: Buckets, whole: Whole): void {
  if (buckets === past.last) return;
  past.last = buckets;
  const row = (past.step % STEPS) * BUCKETS;
  for (const [bucket, requests] of buckets) {
    const fresh = requests - (past.seen[bucket] ?? requests);
    if (fresh <= 0) continue;
    past.seen[bucket] = requests;
    past.steps[row + bucket] = (past.steps[row + bucket] ?? 0) + fresh;
    count(past, whole, bucket, fresh);
  }
}

function count(past: Past, whole: Whole, bucket: number, requests: number): void {
  if (requests === 0) return;
  for (const part of [past, whole]) {
    part.sum[bucket] = (part.sum[bucket] ?? 0) + requests;
    part.made = null;
  }
}

function quantiles(sum: Float64Array): RecentLatency {
  const count = sum.reduce((total, each) => total + each, 0);
  if (count === 0) return NONE;
  const found = [0.5, 0.95, 0.99].map((share) =>
    bucketAt(sum, Math.max(1, Math.ceil(count * share))),
  );
  const [p50_us = null, p95_us = null, p99_us = null] = found;
  return { seconds: SECONDS, count, p50_us, p95_us, p99_us };
}

/** The time that the request of this rank took, in microseconds. */
function bucketAt(sum: Float64Array, rank: number): number {
  let seen = 0;
  const bucket = sum.findIndex((count) => (seen += count) >= rank);
  return middle(bucket);
}
