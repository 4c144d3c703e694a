import type * as Bull from 'bullmq';
import type * as IoRedis from 'ioredis';
import { QUEUE_PROBLEMS } from '../../problems/queue.js';
import { QueueError } from '../queue-error.js';

/** The libraries of the engine; they are no dependencies, since most queues are folders. */
export interface RedisLibraries {
  readonly bullmq: typeof Bull;
  readonly Redis: typeof IoRedis.Redis;
}

/** Loads them, as the first queue in a Redis is opened. */
export async function loadRedisLibraries(
  load: () => Promise<RedisLibraries> = importBoth,
): Promise<RedisLibraries> {
  try {
    return await load();
  } catch (error) {
    throw new QueueError('io', QUEUE_PROBLEMS.librariesMissing('bullmq@6 ioredis@6'), error);
  }
}

async function importBoth(): Promise<RedisLibraries> {
  const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
  return { bullmq, Redis };
}
