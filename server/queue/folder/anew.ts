import { dirname, join } from 'node:path';
import type { Held } from './held.js';
import type { History } from './history.js';
import type { Keys } from './keys.js';
import { AGAIN, type Layout } from './layout.js';
import { moveInto } from './move.js';
import { encodeName } from './task-name.js';
import type { World } from './world.js';

export interface AnewParts {
  readonly world: World;
  readonly layout: Layout;
  readonly keys: Keys;
  readonly history: History;
  readonly sync: (folder: string) => Promise<void>;
}

/**
 * Offers a task that somebody has taken by hand as if it had never run. In claimed/ it has no runs in
 * its name, which no task has that a spooler claimed: so whoever finds it there after a death goes on
 * with this.
 */
export type Anew = (task: Pick<Held, 'path' | 'name' | 'head'>) => Promise<void>;

export function createAnew({ world, layout, keys, history, sync }: AnewParts): Anew {
  return async ({ path, name, head }) => {
    await history.forget(head.id);
    // A task that failed gave its key up. Where another has it now, or it cannot be had, it runs
    // without: it was asked for by hand.
    if (head.dedupeKey !== null) await keys.take(head.dedupeKey, path).catch(() => null);
    const folder = join(layout.priority(name.priority), AGAIN);
    await moveInto(world.files, path, folder, encodeName(name));
    await sync(folder);
    await sync(dirname(folder));
  };
}
