import { join, resolve } from 'node:path';
import type { Queue } from '../contract.js';
import { QueueError } from '../queue-error.js';
import { type Bell, createBell } from './bell.js';
import { createClaim } from './claim.js';
import { createCounts } from './counts.js';
import { createDelayed } from './delayed.js';
import type { Held } from './held.js';
import { createHistory } from './history.js';
import { createKeys } from './keys.js';
import { type Layout, layoutOf } from './layout.js';
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
  /** This process is there to claim tasks: it does that at once, and not by way of the thread pool. */
  readonly claims?: boolean;
}

/**
 * Opens the queue in a folder, which is made where it is missing. Any number of processes of one
 * machine may have it open.
 */
export async function openFolderQueue(
  folder: string,
  settings: FolderQueueSettings,
  world: World = realWorld({ claims: settings.claims === true }),
): Promise<Queue> {
  const layout = layoutOf(resolve(folder));
  try {
    await prepare(world, layout);
  } catch (error) {
    throw troubleOf(layout.root, 'it cannot be opened', error);
  }
  return createQueue(world, layout, settings);
}

type Acts = Omit<Queue, 'watch' | 'close'>;

/** What a queue does, without a word about what the system refuses. */
function createActs(world: World, layout: Layout, ordered: boolean, bell: Bell): Acts {
  const held = new Map<string, Held>();
  const sync = createSharedSync(world.files);
  const keys = createKeys(world, layout);
  const quarantine = createQuarantine(world, layout, keys.releaseUnknown);
  const history = createHistory(world, layout);
  const ends = createEnds({ world, layout, keys, history, sync });
  const recover = createRecover({ world, layout, keys, quarantine, ends });
  const ready = createReady(world, layout, quarantine, { ordered });
  const delayed = createDelayed(world, layout, quarantine);
  const running = {
    claim: createClaim({
      ...{ world, layout, ready, delayed, quarantine, held, ordered },
      onNextDue: bell.ringAt,
    }),
    settle: createSettle({ world, layout, keys, history, sync, held, ordered }, ends),
  };
  return {
    ...(ordered ? inOrder(world, layout, running, recover) : running),
    recover,
    put: createPut({ world, layout, keys, sync }),
    counts: createCounts(world, layout),
  };
}

function createQueue(world: World, layout: Layout, { ordered }: FolderQueueSettings): Queue {
  const bell = createBell(world.files, layout.bell, world.now);
  const acts = createActs(world, layout, ordered, bell);
  const serial = createSerial();
  let isClosed = false;

  const attempt = async <T>(doing: string, act: () => Promise<T>): Promise<T> => {
    if (isClosed)
      throw new QueueError('closed', `queue ${layout.root}: it was closed: open it again`);
    try {
      return await act();
    } catch (error) {
      throw troubleOf(layout.root, doing, error);
    }
  };

  return {
    put: (order) =>
      attempt('a task cannot be put in', async () => {
        const told = await acts.put(order);
        await bell.ring();
        return told;
      }),
    claim: () => attempt('no task can be claimed', () => serial(() => acts.claim())),
    settle: (task, outcome) =>
      attempt(`task ${task.id} cannot be settled`, async () => {
        const how = await acts.settle(task, outcome);
        if (ordered || how !== 'done') await bell.ring();
        return how;
      }),
    recover: () =>
      attempt('what dead processes left cannot be taken up', async () => {
        const count = await acts.recover();
        if (count > 0) await bell.ring();
        return count;
      }),
    watch: bell.watch,
    counts: () => attempt('its tasks cannot be counted', () => acts.counts()),
    async close() {
      isClosed = true;
      bell.close();
      await removeEmpty(world.files, join(layout.claimed, world.owners.self));
    },
  };
}
