import { join, resolve } from 'node:path';
import { setImmediate as eventLoop } from 'node:timers/promises';
import type { ClaimedTask, Queue } from '../contract.js';
import { QueueError } from '../queue-error.js';
import type { QueueSettings } from '../settings.js';
import { createAnew } from './anew.js';
import { createBell } from './bell.js';
import { createClaim } from './claim.js';
import { createCounts } from './counts.js';
import { createDelayed } from './delayed.js';
import type { Held } from './held.js';
import { createHistory } from './history.js';
import { createKeys } from './keys.js';
import { type Layout, layoutOf } from './layout.js';
import { createLooking } from './looking.js';
import { inOrder } from './ordered.js';
import { createOrders } from './orders.js';
import { createPause, type Pause } from './pause.js';
import { prepare } from './prepare.js';
import { createPut } from './put.js';
import { createQuarantine } from './quarantine.js';
import { createReady, removeEmpty } from './ready.js';
import { createRecover } from './recover.js';
import { createSerial } from './serial.js';
import { createEnds, createSettle } from './settle.js';
import { createSharedSync } from './shared-sync.js';
import { troubleOf } from './troubles.js';
import { createWhereabouts } from './whereabouts.js';
import { realWorld, type World } from './world.js';

/**
 * Opens the queue in a folder, which is made where it is missing, unless told otherwise. Any number
 * of processes of one machine may have it open.
 */
export async function openFolderQueue(
  folder: string,
  settings: QueueSettings,
  world: World = realWorld({ claims: settings.claims === true }),
): Promise<Queue> {
  const layout = layoutOf(resolve(folder));
  try {
    await prepare(world, layout, settings.mustExist ?? false);
  } catch (error) {
    throw troubleOf(layout.root, 'it cannot be opened', error);
  }
  return createQueue(world, layout, settings);
}

type Acts = Omit<Queue, 'watch' | 'close'>;

interface ActParts {
  readonly world: World;
  readonly layout: Layout;
  readonly ordered: boolean;
  readonly pause: Pause;
}

/** What a queue does, without a word about what the system refuses. */
function createActs(
  { world, layout, ordered, pause }: ActParts,
  onNextDue: (due: number) => void,
): Acts {
  const held = new Map<string, Held>();
  const sync = createSharedSync(world.files);
  const keys = createKeys(world, layout);
  const quarantine = createQuarantine(world, layout, keys.releaseUnknown);
  const history = createHistory(world, layout);
  const ends = createEnds({ world, layout, keys, history, sync });
  const anew = createAnew({ world, layout, keys, history, sync });
  const recover = createRecover({ world, layout, keys, quarantine, ends, anew });
  const ready = createReady(world, layout, quarantine, { ordered });
  const delayed = createDelayed(world, layout, quarantine);
  const running = {
    claim: createClaim({
      ...{ world, layout, ready, delayed, quarantine, held, ordered, onNextDue },
    }),
    settle: createSettle({ world, layout, keys, history, sync, held, ordered }, ends),
  };
  const whereabouts = createWhereabouts(world, layout);
  return {
    ...(ordered ? inOrder(world, layout, running, recover) : running),
    recover,
    put: createPut({ world, layout, keys, sync }),
    counts: createCounts(world, layout, pause),
    ...createLooking(world, layout, whereabouts, history),
    ...createOrders({ world, layout, keys, quarantine, anew, whereabouts, sync, recover }),
    pause: (isPaused) => pause.set(isPaused),
  };
}

function createQueue(world: World, layout: Layout, { ordered }: QueueSettings): Queue {
  const bell = createBell(world.files, layout.bell, world.now);
  const pause = createPause(world, layout);
  const acts = createActs({ world, layout, ordered, pause }, bell.ringAt);
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

  const ringing = async <T>(told: T): Promise<T> => {
    await bell.ring();
    return told;
  };
  const claim = async (): Promise<ClaimedTask | null> => {
    // Where files are read at once nothing else would let it turn, as long as tasks wait.
    await eventLoop();
    return (await pause.isPaused()) ? null : acts.claim();
  };

  return {
    put: (order) => attempt('a task cannot be put in', async () => ringing(await acts.put(order))),
    claim: () => attempt('no task can be claimed', () => serial(claim)),
    settle: (task, outcome) =>
      attempt(`task ${task.id} cannot be settled`, async () => {
        const how = await acts.settle(task, outcome);
        return ordered || how !== 'done' ? ringing(how) : how;
      }),
    recover: () =>
      attempt('what dead processes left cannot be taken up', async () => {
        const count = await acts.recover();
        return count > 0 ? ringing(count) : count;
      }),
    watch: bell.watch,
    counts: () => attempt('its tasks cannot be counted', () => acts.counts()),
    list: (...asked) => attempt('its tasks cannot be listed', () => acts.list(...asked)),
    show: (id) => attempt(`task ${id} cannot be shown`, () => acts.show(id)),
    retry: (id) =>
      attempt(`task ${id} cannot be retried`, async () => ringing(await acts.retry(id))),
    drop: (id) => attempt(`task ${id} cannot be dropped`, async () => ringing(await acts.drop(id))),
    pause: (isPaused) =>
      attempt(`it cannot be ${isPaused ? 'paused' : 'resumed'}`, async () => {
        await acts.pause(isPaused);
        await bell.ring();
      }),
    async close() {
      isClosed = true;
      bell.close();
      await removeEmpty(world.files, join(layout.claimed, world.owners.self));
    },
  };
}
