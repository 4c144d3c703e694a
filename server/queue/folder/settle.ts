import { dirname, join } from 'node:path';
import { backoffOf } from '../backoff.js';
import type { Outcome, Queue } from '../contract.js';
import { QueueError } from '../queue-error.js';
import { codeOf, remove } from './files.js';
import type { Held } from './held.js';
import type { History } from './history.js';
import type { Keys } from './keys.js';
import { AGAIN, bucketOf, type Layout, minuteOf } from './layout.js';
import { moveInto } from './move.js';
import { encodeName } from './task-name.js';
import type { World } from './world.js';

export interface SettleParts {
  readonly world: World;
  readonly layout: Layout;
  readonly keys: Keys;
  readonly history: History;
  readonly sync: (folder: string) => Promise<void>;
  readonly held: Map<string, Held>;
  readonly ordered: boolean;
}

/** What the ends of a run have in common, whoever tells them: its spooler, or who finds it dead. */
export interface Ends {
  /** Keeps a task among the failed ones. */
  fail(held: Held, error: string): Promise<void>;
  /** Offers a task again at once, before all others of its priority. */
  offer(held: Pick<Held, 'path' | 'name'>, attempt: number): Promise<void>;
}

export function createEnds(parts: Omit<SettleParts, 'held' | 'ordered'>): Ends {
  const { world, layout, keys, history, sync } = parts;
  const { files } = world;
  return {
    async fail({ path, name, head, facts }, error) {
      await tell(history, head, { run: name.attempt, error });
      // The key goes first: while its file has another name nobody else removes it.
      if (head.dedupeKey !== null) await keys.release(head.dedupeKey, facts);
      await moveInto(files, path, layout.failed, encodeName(name));
      await sync(layout.failed);
    },
    async offer({ path, name }, attempt) {
      const folder = join(layout.priority(name.priority), AGAIN);
      await moveInto(files, path, folder, encodeName({ ...name, attempt }));
    },
  };
}

/** Tells a queue how a run ended. */
export function createSettle(parts: SettleParts, ends: Ends): Queue['settle'] {
  const { world, layout, keys, history, sync, held, ordered } = parts;
  const { files } = world;

  const finish = async ({ path, name, head, facts }: Held): Promise<'done'> => {
    if (name.attempt > 1) await history.forget(head.id);
    if (head.dedupeKey !== null) await keys.release(head.dedupeKey, facts);
    await remove(files, path);
    return 'done';
  };

  /** In an ordered queue a task keeps its place, and those behind it wait with it. */
  const placeOf = (priority: number, due: number): string => {
    if (ordered) return join(layout.priority(priority), AGAIN);
    const isForLater = due > world.now() * 1000;
    return isForLater
      ? join(layout.delayed, minuteOf(due))
      : join(layout.priority(priority), bucketOf(due));
  };

  const retry = async ({ path, name, head }: Held, error: string): Promise<'retried'> => {
    await tell(history, head, { run: name.attempt, error });
    const wait = backoffOf(head.backoff, name.attempt, world.chance());
    const due = (world.now() + wait) * 1000;
    const folder = placeOf(name.priority, due);
    await moveInto(files, path, folder, encodeName({ ...name, due }));
    await sync(folder).catch(unlessMissing);
    await sync(dirname(folder));
    return 'retried';
  };

  const end = async (task: Held, outcome: Outcome): ReturnType<Queue['settle']> => {
    switch (outcome.type) {
      case 'done':
        return finish(task);
      case 'failed':
        if (task.name.attempt <= task.head.retries) return retry(task, outcome.error);
        await ends.fail(task, outcome.error);
        return 'failed';
      case 'returned':
        await ends.offer(task, task.name.attempt - 1);
        return 'returned';
    }
  };

  return async ({ id }, outcome) => {
    const task = held.get(id);
    if (task === undefined) {
      const message = `queue ${layout.root}: task ${id} is not claimed here: settle what claim() gave, once`;
      throw new QueueError('not claimed', message);
    }
    const how = await end(task, outcome);
    held.delete(id);
    return how;
  };
}

/** What went wrong is told as far as there is room: that must not keep the task where it is. */
async function tell(history: History, ...told: Parameters<History['add']>): Promise<void> {
  try {
    await history.add(...told);
  } catch (error) {
    if (codeOf(error) === '') throw error;
  }
}

function unlessMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}
