import { dirname, join } from 'node:path';
import type { QueueAdmin, Verdict } from '../admin.js';
import type { Anew } from './anew.js';
import { unlessGone } from './files.js';
import type { Keys } from './keys.js';
import type { Layout } from './layout.js';
import { moveInto } from './move.js';
import type { Quarantine } from './quarantine.js';
import { readTask } from './read-task.js';
import type { Sighting } from './shelves.js';
import { encodeName, type TaskName } from './task-name.js';
import type { Whereabouts } from './whereabouts.js';
import type { World } from './world.js';

export interface OrderParts {
  readonly world: World;
  readonly layout: Layout;
  readonly keys: Keys;
  readonly quarantine: Quarantine;
  readonly anew: Anew;
  readonly whereabouts: Whereabouts;
  readonly sync: (folder: string) => Promise<void>;
  readonly recover: () => Promise<number>;
}

/** A task that moves on each time somebody wants to take it is one that is run. */
const MOST_TRIES = 10;

/** What people order of single tasks: one rename decides between them and all others. */
export function createOrders(parts: OrderParts): Pick<QueueAdmin, 'retry' | 'drop'> {
  const { world, layout, keys, quarantine, anew, whereabouts, sync, recover } = parts;
  const { files, owners, now } = world;

  /** `act` gives null where the task had moved on when it should be taken. */
  const onTask = async (
    id: string,
    act: (seen: Sighting) => Promise<Verdict | null>,
  ): Promise<Verdict> => {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const seen = await whereabouts.find(id);
      if (seen === null) return 'unknown';
      if (seen.owner === null) {
        const verdict = await act(seen);
        if (verdict !== null) return verdict;
      } else if (owners.isAlive(seen.owner)) return 'running';
      else await recover();
    }
    return 'running';
  };

  const offerAnew = async (seen: Sighting, path: string, name: TaskName): Promise<Verdict> => {
    const read = await readTask(files, path);
    if (read.ok && read.value.head.id === name.id) {
      await anew({ path, name, head: read.value.head });
      return 'done';
    }
    const why = read.ok ? `its name is that of another task` : read.error;
    await quarantine(path, encodeName(seen.name), why);
    return 'unknown';
  };

  const putBack = async (seen: Sighting, path: string): Promise<void> => {
    if (seen.state === 'failed') await keys.releaseUnknown(path);
    await moveInto(files, path, dirname(seen.path), encodeName(seen.name));
  };

  const retry = async (seen: Sighting): Promise<Verdict | null> => {
    if (seen.state === 'waiting') return 'done';
    const name = { ...seen.name, due: Math.floor(now()) * 1000, attempt: 0 };
    const folder = join(layout.claimed, owners.self);
    if (!(await moveInto(files, seen.path, folder, encodeName(name)))) return null;
    const path = join(folder, encodeName(name));
    try {
      return await offerAnew(seen, path, name);
    } catch (error) {
      // It must not stay with a process that does not run it.
      await putBack(seen, path).catch(() => undefined);
      throw error;
    }
  };

  /** In tmp/ it is removed by whoever comes, should this process die before. */
  const drop = async (seen: Sighting): Promise<Verdict | null> => {
    const file = `${owners.self}.${seen.name.id}`;
    if (!(await moveInto(files, seen.path, layout.tmp, file))) return null;
    await keys.removeUnfinished(join(layout.tmp, file));
    await unlessGone(sync(dirname(seen.path)));
    return 'done';
  };

  return {
    retry: (id) => onTask(id, retry),
    drop: (id) => onTask(id, drop),
  };
}
