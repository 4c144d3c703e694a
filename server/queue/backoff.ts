/** However often a task failed: it is tried once a day. */
const LONGEST_MS = 24 * 60 * 60 * 1000;

/**
 * Milliseconds until the run after `run` runs that failed: doubled each time, and by `chance`, from 0
 * to 1, half of that to all of it, so that what failed together does not come back together.
 */
export function backoffOf(backoff: number, run: number, chance: number): number {
  const whole = Math.min(LONGEST_MS, backoff * 2 ** Math.min(run - 1, 60));
  return Math.round(whole * (0.5 + chance / 2));
}
