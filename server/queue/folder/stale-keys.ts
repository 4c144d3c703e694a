import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { QueueError } from '../queue-error.js';
import { type FileFacts, type Files, remove, unlessGone } from './files.js';
import { historyOf } from './history.js';
import type { Layout } from './layout.js';
import { createLease } from './lease.js';
import { readHead } from './read-task.js';
import { createSerial } from './serial.js';
import type { World } from './world.js';

/** Keys whose tasks never came to be: their process died between two steps. */
export interface StaleKeys {
  /** Removes a key if no task has it any more. */
  remove(path: string): Promise<void>;
  /** Removes a key whatever has it. */
  drop(path: string): Promise<void>;
  /** Removes a file in tmp/, what is told of its runs, and the key it may have. */
  removeUnfinished(file: string): Promise<void>;
  /** What to tell of one that is waited for in vain. */
  busy(): QueueError;
}

/** Another process that is stopped in the middle of putting in the same key is waited for so long. */
export const PATIENCE_MS = 10_000;

/** The file of a `dedupeKey`. */
export function pathOfKey(layout: Layout, key: string): string {
  return join(layout.keys, createHash('sha256').update(key).digest('hex'));
}

/** What is known of a file; null where it is missing. */
export function factsOf(files: Files, path: string): Promise<FileFacts | null> {
  return unlessGone(files.facts(path));
}

/**
 * They are removed under a lease, since two processes might do it one after the other, and the second
 * hit the key that was given meanwhile.
 */
export function createStaleKeys(world: World, layout: Layout): StaleKeys {
  const { files } = world;
  const lease = createLease(world, join(layout.leases, 'keys'));
  const serial = createSerial();

  const busy = (): QueueError => {
    const message = `queue ${layout.root}: another process has a key for longer than ${PATIENCE_MS} ms: see whether one is stopped, and try again`;
    return new QueueError('busy', message);
  };

  const alone = (act: () => Promise<unknown>): Promise<void> =>
    serial(async () => {
      if (!(await lease.wait(PATIENCE_MS))) throw busy();
      try {
        await act();
      } finally {
        await lease.release();
      }
    });

  return {
    busy,
    remove: (path) =>
      alone(async () => {
        if ((await factsOf(files, path))?.links === 1) await remove(files, path);
      }),
    drop: (path) => alone(() => remove(files, path)),
    async removeUnfinished(file) {
      const facts = await factsOf(files, file);
      if (facts === null) return;
      await remove(files, historyOf(layout, idOf(file)));
      const head = facts.links > 1 ? await unlessGone(readHead(files, file)) : null;
      if (head?.ok !== true || head.value.dedupeKey === null) {
        await remove(files, file);
        return;
      }
      const path = pathOfKey(layout, head.value.dedupeKey);
      await alone(async () => {
        await remove(files, file);
        if ((await factsOf(files, path))?.inode === facts.inode) await remove(files, path);
      });
    },
  };
}

/** A draft has its owner's name in front. One that was dropped had been run, maybe. */
function idOf(draft: string): string {
  const name = basename(draft);
  return name.slice(name.indexOf('.') + 1);
}
