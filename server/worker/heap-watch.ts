import { getHeapStatistics } from 'node:v8';

/** Looking takes some microseconds; more often than this nobody reads it. */
const EVERY_MS = 1000;

/**
 * Returns what the main thread calls at each of its beats (monotonic milliseconds): once a second
 * it tells `report` the bytes of the JavaScript heap in use, garbage that was not collected yet
 * included. Only the main thread can ask for its own heap.
 */
export function watchHeap(report: (bytes: number) => void): (now: number) => void {
  let lookedAt = -Infinity;
  return (now) => {
    if (now - lookedAt < EVERY_MS) return;
    lookedAt = now;
    report(getHeapStatistics().used_heap_size);
  };
}
