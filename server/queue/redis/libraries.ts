import type * as Bull from 'bullmq';
import type * as IoRedis from 'ioredis';
import { QueueError } from '../queue-error.js';

/** The libraries of the engine; they are no dependencies, since most queues are folders. */
export interface RedisLibraries {
  readonly bullmq: typeof Bull;
  readonly Redis: typeof IoRedis.Redis;
}

/** Loads them, as the first queue in a Redis is opened. */
export async function loadRedisLibraries(): Promise<RedisLibraries> {
  try {
    const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, Redis };
  } catch (error) {
    throw new QueueError(
      'io',
      'a queue in Redis needs two libraries that are not installed: npm install bullmq@6 ioredis@6',
      error,
    );
  }
}
