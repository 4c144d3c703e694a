import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf, namesIn, remove } from './files.js';
import type { World } from './world.js';

/** What one process has at a time. */
export interface Lease {
  /** False where another process that lives has it. */
  take(): Promise<boolean>;
  /** As `take`, until nobody else has it; false when that lasted longer than `limitMs`. */
  wait(limitMs: number): Promise<boolean>;
  release(): Promise<void>;
}

/** Two processes that put up their flags at once both take them down, and try again after this. */
const LONGEST_PAUSE_MS = 10;

/**
 * A lease without a clock: a process puts up a flag with its own name, and has the lease if it then
 * sees no other's. Flags of processes that live no more are removed by whoever sees them; since a flag
 * has its owner's name, that never hits a living one's.
 */
export function createLease({ files, owners, chance }: World, folder: string): Lease {
  const own = join(folder, owners.self);

  const isElsewhere = async (): Promise<boolean> => {
    let found = false;
    for (const name of await namesIn(files, folder)) {
      if (name === owners.self) continue;
      if (owners.isAlive(name)) found = true;
      else await remove(files, join(folder, name));
    }
    return found;
  };

  const raise = async (): Promise<boolean> => {
    try {
      await (await files.create(own)).close();
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    }
  };

  const take = async (): Promise<boolean> => {
    for (;;) {
      if ((await isElsewhere()) || !(await raise())) return false;
      if (!(await isElsewhere())) return true;
      await remove(files, own);
      await pause(chance() * LONGEST_PAUSE_MS);
    }
  };

  return {
    take,
    async wait(limitMs) {
      const start = performance.now();
      while (!(await take())) {
        if (performance.now() - start > limitMs) return false;
        await pause(chance() * LONGEST_PAUSE_MS);
      }
      return true;
    },
    async release() {
      await remove(files, own);
    },
  };
}
