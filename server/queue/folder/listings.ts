import { sep } from 'node:path';
import { unlessGone, type Files } from './files.js';

/** What was made of the names in folders. */
export interface Listings<T> {
  /** A folder that is missing has no names. */
  of(folder: string): Promise<T>;
  /** Forgets all folders in `parent` but those that are named. */
  keep(parent: string, names: readonly string[]): void;
}

/** The kernel gives all changes within one of its ticks the same time; no tick is as long as this. */
const TICK_MS = 100;

interface Known<T> {
  readonly modified: number;
  readonly value: T;
}

/**
 * Lists a folder anew only when its time has changed since, or had changed so shortly before that a
 * later change may have got the same time.
 */
export function createListings<T>(
  files: Files,
  now: () => number,
  make: (names: string[]) => T,
): Listings<T> {
  const known = new Map<string, Known<T>>();
  return {
    async of(folder) {
      const at = now();
      const facts = await unlessGone(files.facts(folder));
      const before = known.get(folder);
      if (facts !== null && before?.modified === facts.modified) return before.value;
      known.delete(folder);
      const names = facts === null ? null : await unlessGone(files.list(folder));
      const value = make((names ?? []).sort());
      if (facts !== null && at - facts.modified > TICK_MS) {
        known.set(folder, { modified: facts.modified, value });
      }
      return value;
    },
    keep(parent, names) {
      const kept = new Set(names.map((name) => parent + sep + name));
      for (const folder of known.keys()) {
        if (folder.startsWith(parent + sep) && !kept.has(folder)) known.delete(folder);
      }
    },
  };
}
