import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { QueueError } from '../queue-error.js';
import { codeOf, namesIn, remove, unlessGone, type FileFacts } from './files.js';
import type { Layout } from './layout.js';
import { createLease } from './lease.js';
import { readHead } from './read-task.js';
import { createSerial } from './serial.js';
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
  releaseUnknown(file: string): Promise<void>;
  /** Removes a file in tmp/ whose owner lives no more, and the key it may have. */
  removeUnfinished(file: string): Promise<void>;
}

/** Another process that is stopped in the middle of putting in the same key is waited for so long. */
const PATIENCE_MS = 10_000;
const EVERY_MS = 5;

/**
 * A file that has one name only is a key whose task is nowhere any more: its process died between two
 * steps. Such a key is removed under a lease, since two processes might do it one after the other, and
 * the second hit the key that was given meanwhile. A key whose file has another name is removed by
 * its owner alone, before the task goes.
 */
export function createKeys(world: World, layout: Layout): Keys {
  const { files, owners } = world;
  const lease = createLease(world, join(layout.leases, 'keys'));
  const serial = createSerial();
  const pathOf = (key: string): string =>
    join(layout.keys, createHash('sha256').update(key).digest('hex'));
  const factsOf = (path: string): Promise<FileFacts | null> => unlessGone(files.facts(path));

  const alone = (act: () => Promise<void>): Promise<void> =>
    serial(async () => {
      if (!(await lease.wait(PATIENCE_MS))) throw busy();
      try {
        await act();
      } finally {
        await lease.release();
      }
    });

  const busy = (): QueueError =>
    new QueueError(
      'busy',
      `queue ${layout.root}: another process has its keys for longer than ${PATIENCE_MS} ms: see whether one is stopped, and try again`,
    );

  const removeStale = (path: string): Promise<void> =>
    alone(async () => {
      if ((await factsOf(path))?.links === 1) await remove(files, path);
    });

  const removeUnfinished = async (file: string): Promise<void> => {
    const facts = await factsOf(file);
    if (facts === null) return;
    const head = facts.links > 1 ? await unlessGone(readHead(files, file)) : null;
    if (head?.ok !== true || head.value.dedupeKey === null) {
      await remove(files, file);
      return;
    }
    const path = pathOf(head.value.dedupeKey);
    await alone(async () => {
      await remove(files, file);
      if ((await factsOf(path))?.inode === facts.inode) await remove(files, path);
    });
  };

  /** Whether a task is still being put in; what a dead process left of it is removed. */
  const isUnfinished = async (id: string): Promise<boolean> => {
    const name = (await namesIn(files, layout.tmp)).find((each) => each.endsWith(`.${id}`));
    if (name === undefined) return false;
    const owner = name.slice(0, name.indexOf('.'));
    if (owners.isAlive(owner)) await pause(EVERY_MS);
    else await removeUnfinished(join(layout.tmp, name));
    return true;
  };

  const holder = async (key: string): Promise<TaskHead | null> => {
    const path = pathOf(key);
    for (const start = performance.now(); performance.now() - start < PATIENCE_MS;) {
      const before = await factsOf(path);
      if (before === null) return null;
      if (before.links === 1) {
        await removeStale(path);
        continue;
      }
      const head = await unlessGone(readHead(files, path));
      if (head === null) continue;
      if (!head.ok) {
        // Damaged where it waits: it will be quarantined there, and must not block its key.
        await alone(async () => void (await remove(files, path)));
        continue;
      }
      if (await isUnfinished(head.value.id)) continue;
      // It has left tmp/: to where it waits, unless its key is gone as well.
      const after = await factsOf(path);
      if (after?.inode === before.inode && after.links > 1) return head.value;
    }
    throw busy();
  };

  const releaseUnknown = async (file: string): Promise<void> => {
    const facts = await factsOf(file);
    if (facts === null || !facts.isFile || facts.links === 1) return;
    for (const name of await namesIn(files, layout.keys)) {
      const path = join(layout.keys, name);
      if ((await factsOf(path))?.inode === facts.inode) await remove(files, path);
    }
  };

  return {
    holder,
    removeUnfinished,
    releaseUnknown,
    async take(key, file) {
      for (;;) {
        try {
          await files.link(file, pathOf(key));
          return null;
        } catch (error) {
          if (codeOf(error) !== 'EEXIST') throw error;
        }
        const other = await holder(key);
        if (other !== null) return other;
      }
    },
    async release(key, file) {
      const path = pathOf(key);
      if ((await factsOf(path))?.inode === file.inode) await remove(files, path);
    },
  };
}
