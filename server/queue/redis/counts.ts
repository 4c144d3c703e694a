import type { Redis } from 'ioredis';
import type { QueueCounts } from '../contract.js';
import { succeed } from './body.js';
import { DUE_FIELDS, dueOf, lastScoreDue } from './due.js';
import type { Names } from './names.js';
import { toBullPriority } from './task-data.js';

/** A score of BullMQ: a priority, and a number that counts up within it. */
const SCORES_A_PRIORITY = 2 ** 32;
const PRIORITIES = Array.from({ length: 10 }, (_, priority) => toBullPriority(priority));

/** Counts the tasks of a queue; how many there are makes no difference to how long it takes. */
export function createCounts(client: Redis, names: Names): () => Promise<QueueCounts> {
  return async () => {
    const now = Date.now();
    const answers = client
      .multi()
      .llen(names.list('wait'))
      .zcard(names.list('prioritized'))
      .zcard(names.list('delayed'))
      .zcount(names.list('delayed'), 0, lastScoreDue(now))
      .llen(names.list('active'))
      .zcard(names.list('failed'))
      .hexists(names.meta, 'paused')
      .lrange(names.list('wait'), -1, -1)
      .zrange(names.list('delayed'), '0', '0');

    for (const priority of PRIORITIES) {
      const from = priority * SCORES_A_PRIORITY;
      const to = from + SCORES_A_PRIORITY - 1;
      answers.zrangebyscore(names.list('prioritized'), from, to, 'LIMIT', 0, 1);
    }
    const told = succeed(await answers.exec());
    const [wait, prioritized, delayed, due, active, failed, paused] = told.map(Number);
    const waiting = (wait ?? 0) + (prioritized ?? 0) + (due ?? 0);
    const oldest = await oldestOf(client, names, (told.slice(7) as string[][]).flat());
    return {
      waiting,
      delayed: (delayed ?? 0) - (due ?? 0),
      in_progress: active ?? 0,
      failed: failed ?? 0,
      paused: paused === 1,
      oldest_age_s: waiting === 0 || oldest > now ? null : (now - oldest) / 1000,
    };
  };
}

/** The time since when the first of these jobs has waited. */
async function oldestOf(client: Redis, names: Names, ids: readonly string[]): Promise<number> {
  const asked = client.multi();
  for (const id of ids) asked.hmget(names.job(id), ...DUE_FIELDS);
  const told = ids.length === 0 ? [] : succeed(await asked.exec());
  return Math.min(Infinity, ...told.map((fields) => dueOf(fields as (string | null)[])));
}
