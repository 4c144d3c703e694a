import { join } from 'node:path';
import type { Files } from './files.js';
import { AGAIN, bucketOf, isSpan, type Layout, PRIORITIES } from './layout.js';
import { createListings } from './listings.js';
import type { Quarantine } from './quarantine.js';
import { decodeName, type TaskName } from './task-name.js';
import type { World } from './world.js';

/** A waiting task, which somebody else may have claimed since. */
export interface Candidate {
  readonly path: string;
  readonly name: TaskName;
  /** Whether it is offered again. */
  readonly isAgain: boolean;
}

/** The waiting tasks. */
export interface Ready {
  /** From the first on; whoever asks again goes on behind those that were given. */
  candidates(): AsyncGenerator<Candidate>;
}

export interface ReadySettings {
  /** Exactly in order: what is offered again is looked at anew each time. */
  readonly ordered: boolean;
}

/**
 * Lists one bucket, and gives its names one by one over many calls. So most tasks cost a look at the
 * times of a few folders and no listing, however many wait.
 */
export function createReady(
  { files, now }: World,
  layout: Layout,
  quarantine: Quarantine,
  { ordered }: ReadySettings,
): Ready {
  const buckets = createListings(files, now, (names) => names);
  const contents = createListings(files, now, (names) => names);
  /** By bucket: the names that were not given yet, the next one last. */
  const rest = new Map<string, string[]>();

  const removeOld = async (folder: string, bucket: string): Promise<void> => {
    rest.delete(folder);
    // The bucket of now will be used again; so may the one before, by who is about to put in.
    if (bucket === AGAIN || bucket >= bucketOf((now() - 20_000) * 1000)) return;
    await removeEmpty(files, folder);
  };

  async function* inBucket(folder: string, bucket: string): AsyncGenerator<Candidate> {
    const isAgain = bucket === AGAIN;
    if (isAgain && ordered) rest.delete(folder);
    for (let listed = false; ;) {
      const names = rest.get(folder);
      const name = names?.pop();
      if (name === undefined) {
        if (listed) break;
        listed = true;
        const fresh = await contents.of(folder);
        if (fresh.length === 0) return removeOld(folder, bucket);
        rest.set(folder, fresh.toReversed());
        continue;
      }
      const decoded = decodeName(name);
      const path = join(folder, name);
      if (decoded !== null) yield { path, name: decoded, isAgain };
      else await quarantine(path, name, 'its name is not that of a task');
    }
  }

  return {
    async *candidates() {
      for (const priority of PRIORITIES) {
        const parent = layout.priority(priority);
        const names = await buckets.of(parent);
        contents.keep(parent, names);
        for (const bucket of names) {
          const folder = join(parent, bucket);
          if (isSpan(bucket)) yield* inBucket(folder, bucket);
          else await quarantine(folder, bucket, 'its name is not that of a bucket');
        }
      }
    },
  };
}

/** Removes a folder; what has something in it, or is gone, is left alone. */
export async function removeEmpty(files: Files, folder: string): Promise<void> {
  await files.removeFolder(folder).catch(() => undefined);
}
