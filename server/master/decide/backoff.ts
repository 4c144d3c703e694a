/**
 * How soon a dead worker is spawned again. The first deaths are answered at once: a worker that was
 * killed by hand or by the kernel is missed. From the fourth death in ten seconds on, each further
 * one doubles the wait, so that a crash loop does not eat the machine.
 */

const WINDOW_MS = 10_000;
const FREE_DEATHS = 3;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5000;
/** More deaths than the longest wait needs are not kept. */
const KEPT = 16;

/**
 * The deaths that still count at `now`, all in monotonic milliseconds: those of the last ten
 * seconds. Once a worker is held back, all of them count until it has lived for ten seconds: else a
 * long wait would itself push them out of the window, and the loop start over at full speed.
 */
export function recentDeaths(deaths: readonly number[], now: number): readonly number[] {
  const last = deaths.at(-1);
  const isHeldBack = deaths.length > FREE_DEATHS && last !== undefined && now - last < WINDOW_MS;
  return isHeldBack ? deaths.slice(-KEPT) : deaths.filter((at) => now - at < WINDOW_MS);
}

/** Milliseconds to wait after the latest of `deaths`, which all count. */
export function respawnDelay(deaths: readonly number[]): number {
  const beyond = deaths.length - FREE_DEATHS;
  if (beyond <= 0) return 0;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (beyond - 1));
}
