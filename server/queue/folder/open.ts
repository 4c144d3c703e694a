import { join, resolve } from 'node:path';
import type { Queue } from '../contract.js';
import { QueueError } from '../queue-error.js';
import { createBell } from './bell.js';
import { type ClaimParts, createClaim } from './claim.js';
import { createCounts } from './counts.js';
import { createDelayed } from './delayed.js';
import type { Held } from './held.js';
import { createHistory } from './history.js';
import { createKeys } from './keys.js';
import { layoutOf } from './layout.js';
import { inOrder } from './ordered.js';
import { prepare } from './prepare.js';
import { createPut } from './put.js';
import { createQuarantine } from './quarantine.js';
import { createReady, removeEmpty } from './ready.js';
import { createRecover } from './recover.js';
import { createSerial } from './serial.js';
import { createEnds, createSettle } from './settle.js';
import { createSharedSync } from './shared-sync.js';
import { troubleOf } from './troubles.js';
import { realWorld, type World } from './world.js';

export interface FolderQueueSettings {
  /**
   * One task at a time, over all processes, in the order of putting in; one that failed is run again
   * before the next. All processes of a queue must be of one mind about it.
   */
  readonly ordered: boolean;
}

/**
 * Opens the queue in a folder, which is made where it is missing. Any number of processes of one
 * machine may have it open.
 */
export async function openFolderQueue(
  folder: string,
  settings: FolderQueueSettings,
  world: World = realWorld(),
): Promise<Queue> {
  const layout = layoutOf(resolve(folder));
  try {
    await prepare(world, layout);
  } catch (error) {
    throw troubleOf(layout.root, 'it cannot be opened', error);
  }
  return createQueue(world, layout.root, settings);
}

function createQueue(world: World, root: string, { ordered }: FolderQueueSettings): Queue {
  const layout = layoutOf(root);
  const { files, now } = world;
  const held = new Map<string, Held>();
  const bell = createBell(files, layout.bell, now);
  const sync = createSharedSync(files);
  const serial = createSerial();
  const keys = createKeys(world, layout);
  const quarantine = createQuarantine(world, layout, keys.releaseUnknown);
  const history = createHistory(world, layout);
  const ends = createEnds({ world, layout, keys, history, sync });
  const recover = createRecover({ world, layout, keys, quarantine, ends });
  const parts: ClaimParts = {
    ...{ world, layout, quarantine, held, ordered },
    ready: createReady(world, layout, quarantine, { ordered }),
    delayed: createDelayed(world, layout, quarantine),
    onNextDue: bell.ringAt,
  };
  const acts = {
    claim: createClaim(parts),
    settle: createSettle({ ...parts, keys, history, sync }, ends),
  };
  const { claim, settle } = ordered ? inOrder(world, layout, acts, recover) : acts;
  const put = createPut({ world, layout, keys, sync });
  const counts = createCounts(world, layout);
  let isClosed = false;

  const attempt = async <T>(doing: string, act: () => Promise<T>): Promise<T> => {
    if (isClosed) throw new QueueError('closed', `queue ${root}: it was closed: open it again`);
    try {
      return await act();
    } catch (error) {
      throw troubleOf(root, doing, error);
    }
  };

  return {
    put: (order) =>
      attempt('a task cannot be put in', async () => {
        const told = await put(order);
        await bell.ring();
        return told;
      }),
    claim: () => attempt('no task can be claimed', () => serial(claim)),
    settle: (task, outcome) =>
      attempt(`task ${task.id} cannot be settled`, async () => {
        const how = await settle(task, outcome);
        if (ordered || how !== 'done') await bell.ring();
        return how;
      }),
    recover: () =>
      attempt('what dead processes left cannot be taken up', async () => {
        const count = await recover();
        if (count > 0) await bell.ring();
        return count;
      }),
    watch: bell.watch,
    counts: () => attempt('its tasks cannot be counted', counts),
    async close() {
      isClosed = true;
      bell.close();
      await removeEmpty(files, join(layout.claimed, world.owners.self));
    },
  };
}
