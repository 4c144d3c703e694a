import { readdirSync } from 'node:fs';
import path from 'node:path';
import { nodeFiles } from '../../server/queue/folder/node-files.js';
import type { World } from '../../server/queue/folder/world.js';

/** Processes that a test says live or do not. */
export interface TestWorlds {
  /** The world of a further process, which lives until it is said to be dead. */
  begin(changes?: Partial<World>): World;
  kill(world: World): void;
  /** Sets the clock of all of them on. */
  pass(ms: number): void;
}

/** The clock begins now, and stands still but for `pass`; chance is always a half. */
export function testWorlds(): TestWorlds {
  const living = new Set<string>();
  let clock = Date.now();
  let pids = 0;
  let ids = 0;
  return {
    begin(changes = {}) {
      const self = `${++pids}-1-abc`;
      living.add(self);
      return {
        files: nodeFiles,
        owners: { self, isAlive: (owner) => living.has(owner) },
        now: () => clock,
        chance: () => 0.5,
        newId: () => (++ids).toString(16).padStart(32, '0'),
        ...changes,
      };
    },
    kill(world) {
      living.delete(world.owners.self);
    },
    pass(ms) {
      clock += ms;
    },
  };
}

/** All files below a folder, by their paths in it. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** What an empty queue has in its folder. */
export const AT_REST = ['bell', 'queue.json'];
