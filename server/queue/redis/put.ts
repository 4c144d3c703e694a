import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { JobsOptions, Queue as BullQueue } from 'bullmq';
import type { ChainableCommander, Redis } from 'ioredis';
import { checkOrder } from '../check-order.js';
import type { Queue, TaskOrder } from '../contract.js';
import { QueueError } from '../queue-error.js';
import { succeed, writeBody } from './body.js';
import { AGAIN_MS, type Connection, PATIENCE_MS } from './connection.js';
import type { RedisLibraries } from './libraries.js';
import type { Names } from './names.js';
import { dataOf, type TaskData, toBullPriority } from './task-data.js';
import { isAnswer, textOf } from './troubles.js';

export interface PutParts {
  readonly libraries: RedisLibraries;
  readonly connection: Connection;
  readonly bull: BullQueue;
  readonly names: Names;
  /** This process, as no other is named. */
  readonly owner: string;
}

/** How long it can be found out whether a task was put in. */
const RECEIPT_MS = 6 * PATIENCE_MS;
/** Failed runs that are kept. */
const MOST_FAILURES = 100;

interface Told {
  readonly id: string;
  readonly isNew: boolean;
}

/** The name of a key in Redis, however long and of whatever it is. */
export const hashOf = (dedupeKey: string): string =>
  createHash('sha256').update(dedupeKey).digest('hex');

/**
 * Puts tasks in: one transaction makes the job, keeps its body, leaves a receipt, and rings. When the
 * connection goes before the answer comes, the receipt tells what became of it.
 */
export function createPut(parts: PutParts): Queue['put'] {
  const { connection, names } = parts;
  const { client } = connection;
  const slots = createSlots();

  return async (order) => {
    const payload = checkOrder(order);
    const { body, dedupeKey } = order;
    const until = performance.now() + PATIENCE_MS;
    await connection.ready(until);
    const early = dedupeKey === null ? null : await holderOf(client, names, dedupeKey);
    if (early !== null) {
      if (body !== null && !Buffer.isBuffer(body)) body.destroy();
      return { id: early, isNew: false };
    }
    const id = randomBytes(16).toString('hex');
    const slot = slots.take();
    try {
      const length = body === null ? null : await writeBody(client, names.body(id), body);
      const data = dataOf(order, payload, Date.now(), length);
      const told = await add(parts, { id, slot, order, data, until });
      if (!told.isNew && body !== null) await client.unlink(names.body(id));
      return told;
    } catch (error) {
      // Where nobody knows, the body may be needed; without its task it is gone in a while.
      const isRefused = isAnswer(error) || error instanceof QueueError;
      if (body !== null && isRefused) await client.unlink(names.body(id)).catch(() => undefined);
      throw error;
    } finally {
      slots.giveBack(slot);
    }
  };
}

interface Addition {
  readonly id: string;
  readonly slot: number;
  readonly order: TaskOrder;
  readonly data: TaskData;
  readonly until: number;
}

/** Adds a job, again where it is not known whether it was added and the receipt is missing. */
async function add(parts: PutParts, addition: Addition): Promise<Told> {
  const { connection, names, owner } = parts;
  const { id, slot, until, order } = addition;
  const receipt = names.receipt(owner, slot);
  for (let isSent = false; ;) {
    try {
      await connection.ready(until);
      if (isSent && (await connection.client.get(receipt)) === id) {
        return await whatBecameOf(connection.client, names, id, order.dedupeKey);
      }
      isSent = true;
      const job = await transact(parts, addition, receipt);
      return { id: job, isNew: job === id };
    } catch (error) {
      if (isAnswer(error) || (!isSent && performance.now() >= until)) throw error;
      if (performance.now() < until) {
        await pause(AGAIN_MS);
        continue;
      }
      throw new Error(`${textOf(error)}; nobody knows whether the task was put in`, {
        cause: error,
      });
    }
  }
}

async function transact(parts: PutParts, addition: Addition, receipt: string): Promise<string> {
  const { bull, names, libraries } = parts;
  const { id, order, data } = addition;
  const transaction = (await bull.backend.client).multi();
  const job = new libraries.bullmq.Job(bull, order.name, data, optionsOf(addition), id);
  await job.addJob(transaction);
  // BullMQ knows a few commands of what is an ioredis transaction here.
  const rest = transaction as unknown as ChainableCommander;
  if (data.bodyLength !== null) rest.persist(names.body(id));
  rest.set(receipt, id, 'PX', RECEIPT_MS);
  rest.publish(names.bell, '');
  const [added] = succeed(await rest.exec());
  return String(added);
}

function optionsOf({ id, order, data }: Addition): JobsOptions {
  const { at, priority, retries, dedupeKey } = order;
  const delay = at === null ? 0 : Math.max(0, Math.ceil(at) - data.spooledAt);
  return {
    jobId: id,
    timestamp: data.spooledAt,
    delay,
    priority: toBullPriority(priority),
    attempts: retries + 1,
    backoff: { type: 'fixed', delay: 0 },
    removeOnComplete: true,
    removeOnFail: false,
    stackTraceLimit: MOST_FAILURES,
    ...(dedupeKey !== null && { deduplication: { id: hashOf(dedupeKey) } }),
  };
}

/** A task that was put in, though its answer was lost: it, or the one that had its key already. */
async function whatBecameOf(
  client: Redis,
  names: Names,
  id: string,
  key: string | null,
): Promise<Told> {
  if (key === null || (await client.exists(names.job(id))) === 1) return { id, isNew: true };
  const holder = await holderOf(client, names, key);
  return holder === null ? { id, isNew: true } : { id: holder, isNew: false };
}

/** The task that has a key and is still there. */
async function holderOf(client: Redis, names: Names, key: string): Promise<string | null> {
  const id = await client.get(names.holder(hashOf(key)));
  if (id === null) return null;
  return (await client.exists(names.job(id))) === 1 ? id : null;
}

/** Small numbers, each given to one at a time. */
function createSlots(): { take(): number; giveBack(slot: number): void } {
  const free: number[] = [];
  let given = 0;
  return {
    take: () => free.pop() ?? given++,
    giveBack: (slot) => void free.push(slot),
  };
}
