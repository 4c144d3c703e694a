import { setTimeout as pause } from 'node:timers/promises';

/** Long enough for a loaded machine; a test that reaches it has failed. */
const LIMIT_MS = 30_000;
const EVERY_MS = 20;

/**
 * Waits until `probe` returns something other than undefined, null or false, and returns it. What
 * it throws on the way counts as "not yet" and is told if the limit is reached.
 */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  limitMs = LIMIT_MS,
): Promise<NonNullable<Exclude<T, false>>> {
  const start = performance.now();
  let last: unknown;
  for (;;) {
    try {
      last = await probe();
      if (last !== undefined && last !== null && last !== false) {
        return last as NonNullable<Exclude<T, false>>;
      }
    } catch (error) {
      last = error;
    }
    if (performance.now() - start > limitMs) {
      const seen = last instanceof Error ? last.message : JSON.stringify(last);
      throw new Error(`waited ${limitMs} ms for ${what}; last seen: ${seen}`);
    }
    await pause(EVERY_MS);
  }
}
