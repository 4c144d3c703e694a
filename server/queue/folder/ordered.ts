import { join } from 'node:path';
import type { Queue } from '../contract.js';
import { namesIn } from './files.js';
import type { Layout } from './layout.js';
import { createLease } from './lease.js';
import type { World } from './world.js';

type Acts = Pick<Queue, 'claim' | 'settle'>;

/**
 * Holds a lease from the claim of a task to its settling, so that one runs at a time. What dead
 * processes had is put back in its place before the next is looked for.
 */
export function inOrder(
  world: World,
  layout: Layout,
  acts: Acts,
  recover: () => Promise<number>,
): Acts {
  const { files } = world;
  const lease = createLease(world, join(layout.leases, 'ordered'));

  /** Whose task is on its way from a dead process to its place must be waited for. */
  const isAnyClaimed = async (): Promise<boolean> => {
    for (const owner of await namesIn(files, layout.claimed)) {
      if ((await namesIn(files, join(layout.claimed, owner))).length > 0) return true;
    }
    return false;
  };

  return {
    async claim() {
      if (!(await lease.take())) return null;
      let task = null;
      try {
        if (await isAnyClaimed()) await recover();
        task = (await isAnyClaimed()) ? null : await acts.claim();
        return task;
      } finally {
        if (task === null) await lease.release();
      }
    },
    async settle(task, outcome) {
      const how = await acts.settle(task, outcome);
      await lease.release();
      return how;
    },
  };
}
