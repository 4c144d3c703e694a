/**
 * Bounds how often it is told that a task failed for good: a queue may fail thousands in a second, and
 * the events of a master are few.
 */

/** Milliseconds between two that are told. */
const APART_MS = 2000;

/**
 * Takes note of a failure at a time in milliseconds. Null: it is not told, since one was just now; else
 * how many were left out before it.
 */
export function createFailureRate(): (now: number) => number | null {
  let last = -Infinity;
  let leftOut = 0;
  return (now) => {
    if (now - last < APART_MS) {
      leftOut++;
      return null;
    }
    const before = leftOut;
    last = now;
    leftOut = 0;
    return before;
  };
}
