import { join } from 'node:path';
import type { Queue, TaskOrder } from '../contract.js';
import { checkOrder } from '../check-order.js';
import { remove, unlessGone } from './files.js';
import type { Keys } from './keys.js';
import type { Layout } from './layout.js';
import { moveInto } from './move.js';
import { placeOf, syncPlace } from './place.js';
import { encodeHead, type TaskHead } from './task-file.js';
import { createStamps, encodeName } from './task-name.js';
import type { World } from './world.js';
import { writeTask } from './write-task.js';

export interface PutParts {
  readonly world: World;
  readonly layout: Layout;
  readonly keys: Keys;
  /** Makes the names in a folder durable. */
  readonly sync: (folder: string) => Promise<void>;
}

type Head = Omit<TaskHead, 'payload'>;

/** Puts tasks in: written aside, made durable, and shown by one rename, which is made durable too. */
export function createPut({ world, layout, keys, sync }: PutParts): Queue['put'] {
  const { files, owners } = world;
  const stamp = createStamps(world.now);

  const headOf = (order: TaskOrder): Head => {
    const put = stamp();
    const { name, priority, retries, backoff, timeout, dedupeKey } = order;
    const at = order.at === null ? put : Math.ceil(order.at) * 1000;
    const rest = { id: world.newId(), spooledAt: Math.floor(put / 1000), due: Math.max(put, at) };
    const hasBody = order.body !== null;
    return { name, priority, retries, backoff, timeout, dedupeKey, ...rest, hasBody };
  };

  const already = async (held: TaskHead): ReturnType<Queue['put']> => {
    await syncPlace(sync, placeOf(layout, held));
    return { id: held.id, isNew: false };
  };

  /** True where it was taken back; false where somebody has claimed it by now, so that it runs. */
  const takeBack = async (head: Head, path: string): Promise<boolean> => {
    const facts = await unlessGone(files.facts(path));
    if (facts === null) return false;
    if (head.dedupeKey !== null) await keys.release(head.dedupeKey, facts);
    return remove(files, path);
  };

  const show = async (head: Head, draft: string): Promise<void> => {
    const name = encodeName({ ...head, attempt: 0 });
    const place = placeOf(layout, head);
    if (!(await moveInto(files, draft, place.folder, name))) throw new Error(`${draft} is gone`);
    try {
      await syncPlace(sync, place);
      if (head.dedupeKey !== null) await sync(layout.keys);
    } catch (error) {
      if (await takeBack(head, join(place.folder, name))) throw error;
    }
  };

  return async (order) => {
    const payload = checkOrder(order);
    const { dedupeKey: key, body } = order;
    const early = key === null ? null : await keys.holder(key);
    if (early !== null) {
      if (body !== null && !Buffer.isBuffer(body)) body.destroy();
      return already(early);
    }
    const head = headOf(order);
    const draft = join(layout.tmp, `${owners.self}.${head.id}`);
    try {
      await writeTask(files, draft, encodeHead(head, payload), body);
      const held = key === null ? null : await keys.take(key, draft);
      if (held !== null) {
        await remove(files, draft);
        return await already(held);
      }
      await show(head, draft);
    } catch (error) {
      // What is left in tmp/ never runs, and is removed when its process is gone.
      await takeBack(head, draft).catch(() => undefined);
      throw error;
    }
    return { id: head.id, isNew: true };
  };
}
