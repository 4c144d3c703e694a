import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf, type FileFacts, type Files, namesIn, remove, unlessGone } from './files.js';
import type { Layout } from './layout.js';
import { readHead } from './read-task.js';
import { createStaleKeys, factsOf, PATIENCE_MS, pathOfKey } from './stale-keys.js';
import type { TaskHead } from './task-file.js';
import type { World } from './world.js';

/** The `dedupeKey`s of tasks that wait or run: each is a second name of its task's file. */
export interface Keys {
  /** The task that has a key, or null; waits for one that is just being put in. */
  holder(key: string): Promise<TaskHead | null>;
  /** Gives a key to a file in tmp/, and returns null; or the task that has it already. */
  take(key: string, file: string): Promise<TaskHead | null>;
  /** Takes a key from the file that has it, before that goes. */
  release(key: string, file: FileFacts): Promise<void>;
  /** The same for a file whose key nobody knows. */
  readonly releaseUnknown: (file: string) => Promise<void>;
  /** Removes a file in tmp/, what is told of its runs, and the key it may have. */
  removeUnfinished(file: string): Promise<void>;
}

const EVERY_MS = 5;

/**
 * A file that has one name only is a key whose task is nowhere any more. A key whose file has another
 * name is removed by its owner alone, before the task goes.
 */
export function createKeys(world: World, layout: Layout): Keys {
  const { files, owners } = world;
  const stale = createStaleKeys(world, layout);

  /** Whether a task is still being put in; what a dead process left of it is removed. */
  const isUnfinished = async (id: string): Promise<boolean> => {
    const name = (await namesIn(files, layout.tmp)).find((each) => each.endsWith(`.${id}`));
    if (name === undefined) return false;
    const owner = name.slice(0, name.indexOf('.'));
    if (owners.isAlive(owner)) await pause(EVERY_MS);
    else await stale.removeUnfinished(join(layout.tmp, name));
    return true;
  };

  /** Undefined where it has to be looked at anew. */
  const look = async (path: string): Promise<TaskHead | null | undefined> => {
    const before = await factsOf(files, path);
    if (before === null) return null;
    if (before.links === 1) {
      await stale.remove(path);
      return undefined;
    }
    const head = await unlessGone(readHead(files, path));
    if (head === null) return undefined;
    if (!head.ok) {
      // Damaged where it waits: it will be quarantined there, and must not block its key.
      await stale.drop(path);
      return undefined;
    }
    if (await isUnfinished(head.value.id)) return undefined;
    // It has left tmp/: to where it waits, unless its key is gone as well.
    const after = await factsOf(files, path);
    return after?.inode === before.inode && after.links > 1 ? head.value : undefined;
  };

  const holder = async (key: string): Promise<TaskHead | null> => {
    const start = performance.now();
    while (performance.now() - start < PATIENCE_MS) {
      const found = await look(pathOfKey(layout, key));
      if (found !== undefined) return found;
    }
    throw stale.busy();
  };

  return {
    holder,
    removeUnfinished: (file) => stale.removeUnfinished(file),
    releaseUnknown: (file) => releaseUnknown(files, layout, file),
    async take(key, file) {
      for (;;) {
        try {
          await files.link(file, pathOfKey(layout, key));
          return null;
        } catch (error) {
          if (codeOf(error) !== 'EEXIST') throw error;
        }
        const other = await holder(key);
        if (other !== null) return other;
      }
    },
    async release(key, file) {
      const path = pathOfKey(layout, key);
      if ((await factsOf(files, path))?.inode === file.inode) await remove(files, path);
    },
  };
}

async function releaseUnknown(files: Files, layout: Layout, file: string): Promise<void> {
  const facts = await factsOf(files, file);
  if (facts === null || !facts.isFile || facts.links === 1) return;
  for (const name of await namesIn(files, layout.keys)) {
    const path = join(layout.keys, name);
    if ((await factsOf(files, path))?.inode === facts.inode) await remove(files, path);
  }
}
