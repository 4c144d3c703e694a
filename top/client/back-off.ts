const FIRST_MS = 250;
const LONGEST_MS = 5000;

/**
 * How long to wait before the next attempt, in milliseconds, after `failures` in a row: a quarter
 * of a second, doubling up to five seconds, of which up to a fifth is taken off by `chance` (0–1),
 * so that a hundred dashboards do not come back in the same instant.
 */
export function backOff(failures: number, chance: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(full * (1 - 0.2 * chance));
}
