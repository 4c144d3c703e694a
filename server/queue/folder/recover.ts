import { join } from 'node:path';
import type { Anew } from './anew.js';
import { namesIn, remove, unlessGone } from './files.js';
import type { Keys } from './keys.js';
import type { Layout } from './layout.js';
import { isOwner } from '../owners.js';
import type { Quarantine } from './quarantine.js';
import { readTask } from './read-task.js';
import { removeEmpty } from './ready.js';
import type { Ends } from './settle.js';
import { decodeName } from './task-name.js';
import type { World } from './world.js';

export interface RecoverParts {
  readonly world: World;
  readonly layout: Layout;
  readonly keys: Keys;
  readonly quarantine: Quarantine;
  readonly ends: Ends;
  readonly anew: Anew;
}

/** Takes up what processes left that live no more; how many tasks of theirs were claimed. */
export function createRecover(parts: RecoverParts): () => Promise<number> {
  const { world, layout, keys, quarantine, ends, anew } = parts;
  const { files, owners } = world;

  /** True where it was a task. */
  const takeUp = async (folder: string, file: string, owner: string): Promise<boolean> => {
    const path = join(folder, file);
    const name = decodeName(file);
    const read = name === null ? null : await unlessGone(readTask(files, path));
    if (name === null) await quarantine(path, file, 'its name is not that of a task');
    else if (read?.ok === false) await quarantine(path, file, read.error);
    if (name === null || read?.ok !== true) return false;
    const { head, facts } = read.value;
    if (name.attempt === 0) await anew({ path, name, head });
    else if (name.attempt <= head.retries) await ends.offer({ path, name }, name.attempt);
    else await ends.fail({ path, name, head, facts }, `its process ${owner} died in this run`);
    return true;
  };

  const recoverClaimed = async (): Promise<number> => {
    let count = 0;
    for (const owner of await namesIn(files, layout.claimed)) {
      const folder = join(layout.claimed, owner);
      if (!isOwner(owner)) {
        await quarantine(folder, owner, 'its name is not that of an owner of tasks');
        continue;
      }
      if (owners.isAlive(owner)) continue;
      for (const file of await namesIn(files, folder)) {
        if (await takeUp(folder, file, owner)) count++;
      }
      await removeEmpty(files, folder);
    }
    return count;
  };

  const removeDrafts = async (): Promise<void> => {
    for (const name of await namesIn(files, layout.tmp)) {
      const [owner = ''] = name.split('.', 1);
      const path = join(layout.tmp, name);
      if (!isOwner(owner))
        await quarantine(path, name, 'no process of this queue makes such a file');
      else if (!owners.isAlive(owner)) await keys.removeUnfinished(path);
    }
    for (const name of await namesIn(files, layout.root)) {
      const owner = /^queue\.json\.(.+)$/.exec(name)?.[1];
      if (owner !== undefined && !owners.isAlive(owner))
        await remove(files, join(layout.root, name));
    }
  };

  return async () => {
    const count = await recoverClaimed();
    await removeDrafts();
    await removeFlags(world, layout);
    return count;
  };
}

/** Flags of processes that live no more. */
async function removeFlags({ files, owners }: World, { leases }: Layout): Promise<void> {
  for (const kind of await namesIn(files, leases)) {
    const folder = join(leases, kind);
    for (const owner of await namesIn(files, folder)) {
      if (!owners.isAlive(owner)) await remove(files, join(folder, owner));
    }
  }
}
