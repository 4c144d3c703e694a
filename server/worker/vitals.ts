import { getHeapStatistics } from 'node:v8';
import { FIELD } from './memory.js';
import { BEAT_MS } from './sample.js';

/** Looking takes some microseconds, and what changes makes a frame: more often nobody reads it. */
const EVERY_MS = 1000;

/**
 * Returns what the main thread calls at each of its beats (monotonic milliseconds): once a second
 * it writes the size of the JavaScript heap, garbage that was not collected yet included, and by
 * how much the beats came late. Only the main thread can ask for its own heap.
 *
 * The delay of a beat is what a callback that is due would wait. `monitorEventLoopDelay` of
 * node:perf_hooks looks more often, at a price: at 20 ms it doubles what an idle process takes
 * (0.31 against 0.16 % of a core).
 */
export function watchVitals(fields: Float64Array): (now: number) => void {
  let lookedAt = -Infinity;
  const delays = watchDelays();
  return (now) => {
    delays.beat(now);
    if (now - lookedAt < EVERY_MS) return;
    lookedAt = now;
    const heap = getHeapStatistics();
    fields[FIELD.heap] = heap.used_heap_size;
    fields[FIELD.heapTotal] = heap.total_heap_size;
    fields[FIELD.heapLimit] = heap.heap_size_limit;
    const { mean, max } = delays.take();
    fields[FIELD.loopDelay] = mean;
    fields[FIELD.loopDelayMax] = max;
  };
}

/** Milliseconds, in tenths. */
export interface Delays {
  readonly mean: number;
  readonly max: number;
}

/** Measures by how much each beat comes later than one period after the last. */
export function watchDelays(): { beat(now: number): void; take(): Delays } {
  let last = NaN;
  let sum = 0;
  let count = 0;
  let max = 0;
  return {
    beat(now) {
      const delay = Math.max(0, now - last - BEAT_MS);
      last = now;
      if (Number.isNaN(delay)) return;
      sum += delay;
      count++;
      max = Math.max(max, delay);
    },
    /** Of the beats since the last call; 0 when there were none. */
    take() {
      const taken = { mean: tenths(count === 0 ? 0 : sum / count), max: tenths(max) };
      sum = 0;
      count = 0;
      max = 0;
      return taken;
    },
  };
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
