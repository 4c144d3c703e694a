/**
 * How soon a dead worker is spawned again. The first deaths are answered at once: a worker that was
 * killed by hand or by the kernel is missed. From the fourth death within ten seconds on, each
 * further one doubles the wait, so that a crash loop does not eat the machine.
 */

const WINDOW_MS = 10_000;
const FREE_DEATHS = 3;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5000;

/** Deaths that still count at `now`; both in monotonic milliseconds. */
export function recentDeaths(deaths: readonly number[], now: number): readonly number[] {
  return deaths.filter((at) => now - at < WINDOW_MS);
}

/** Milliseconds to wait after the latest of `deaths`, which are all recent. */
export function respawnDelay(deaths: readonly number[]): number {
  const beyond = deaths.length - FREE_DEATHS;
  if (beyond <= 0) return 0;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (beyond - 1));
}
