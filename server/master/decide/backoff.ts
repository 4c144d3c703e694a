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

/**
 * By how much of itself a wait is shortened at most, so that workers that died together are not
 * spawned together. Less than half: the next wait is still the longer one.
 */
const JITTER = 0.2;

/**
 * Milliseconds to wait after the latest of `deaths`, which all count. `chance`, 0 to 1, chooses
 * within the last fifth of the wait.
 */
export function respawnDelay(deaths: readonly number[], chance: number): number {
  const beyond = deaths.length - FREE_DEATHS;
  if (beyond <= 0) return 0;
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (beyond - 1));
  return Math.round(wait * (1 - JITTER * chance));
}

/**
 * A number from 0 to 1 that differs from worker to worker and from one death to the next: a hash of
 * the worker's id and the microsecond, so that a decision stays a function of what it is given.
 */
export function chanceOf(worker: number, now: number): number {
  let mixed = Math.imul(worker, 0x9e3779b1) ^ Math.trunc((now * 1000) % 0x7fffffff);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 0xffffffff;
}

/** The deaths of a worker, router or spooler that has just died too, and how long it is held back. */
export function afterDeath(
  { id, deaths: before }: { readonly id: number; readonly deaths: readonly number[] },
  now: number,
): { readonly deaths: readonly number[]; readonly wait: number } {
  const deaths = [...recentDeaths(before, now), now];
  return { deaths, wait: respawnDelay(deaths, chanceOf(id, now)) };
}
