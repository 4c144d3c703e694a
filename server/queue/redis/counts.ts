import type { Redis } from 'ioredis';
import type { QueueCounts } from '../contract.js';
import { succeed } from './body.js';
import type { Names } from './names.js';
import { toBullPriority } from './task-data.js';

/** Scores of BullMQ: a priority, and a number that counts up within it; a time, and 12 bits. */
const SCORES_A_PRIORITY = 2 ** 32;
const SCORES_A_MS = 4096;
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
      .zcount(names.list('delayed'), 0, (now + 1) * SCORES_A_MS - 1)
      .llen(names.list('active'))
      .zcard(names.list('failed'))
      .lrange(names.list('wait'), -1, -1)
      .zrange(names.list('delayed'), '0', '0');
    for (const priority of PRIORITIES) {
      const from = priority * SCORES_A_PRIORITY;
      const to = from + SCORES_A_PRIORITY - 1;
      answers.zrangebyscore(names.list('prioritized'), from, to, 'LIMIT', 0, 1);
    }
    const told = succeed(await answers.exec());
    const [wait, prioritized, delayed, due, active, failed] = told.map(Number);
    const waiting = (wait ?? 0) + (prioritized ?? 0) + (due ?? 0);
    const oldest = await oldestOf(client, names, (told.slice(6) as string[][]).flat());
    return {
      waiting,
      delayed: (delayed ?? 0) - (due ?? 0),
      in_progress: active ?? 0,
      failed: failed ?? 0,
      oldest_age_s: waiting === 0 || oldest > now ? null : (now - oldest) / 1000,
    };
  };
}

/** The time since when the first of these jobs has waited. */
async function oldestOf(client: Redis, names: Names, ids: readonly string[]): Promise<number> {
  const asked = client.multi();
  for (const id of ids) asked.hmget(names.job(id), 'timestamp', 'opts', 'processedOn');
  const told = ids.length === 0 ? [] : succeed(await asked.exec());
  return Math.min(Infinity, ...told.map((fields) => waitsSince(fields as (string | null)[])));
}

/** When a job was due, or, where it has run since, when that began. */
function waitsSince([timestamp, options, began]: readonly (string | null)[]): number {
  if (timestamp === null || timestamp === undefined) return Infinity;
  return Math.max(Number(timestamp) + delayIn(options ?? ''), Number(began ?? 0));
}

function delayIn(options: string): number {
  try {
    const { delay } = JSON.parse(options) as { delay?: unknown };
    return typeof delay === 'number' ? delay : 0;
  } catch {
    return 0;
  }
}
