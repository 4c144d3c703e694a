import type { Job, Queue as BullQueue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { QueueAdmin, TaskDetail, TaskEntry, TaskState, Verdict } from '../admin.js';
import { succeed } from './body.js';
import { DUE_FIELDS, dueOf, lastScoreDue, SCORES_A_MS } from './due.js';
import { readFailures } from './failures.js';
import type { RedisLibraries } from './libraries.js';
import type { Names } from './names.js';
import { hashOf } from './put.js';
import { fromBullPriority, readData } from './task-data.js';
import { codeOf } from './troubles.js';

export interface AdminParts {
  readonly libraries: RedisLibraries;
  readonly client: Redis;
  readonly bull: BullQueue;
  readonly names: Names;
  /** There may be something to claim. */
  readonly ring: () => Promise<void>;
}

/** So many tasks are asked for at once, so that none is answered too late. */
const AT_ONCE = 500;

const ID = /^[0-9a-f]{32}$/;

/** What people do with a queue in a Redis. */
export function createAdmin(parts: AdminParts): QueueAdmin {
  const { client, bull, names, ring } = parts;
  return {
    async list(state, most) {
      // Redis knows no infinity.
      const bound = Math.min(most, Number.MAX_SAFE_INTEGER);
      const ids = most <= 0 ? [] : await idsOf(client, names, state, bound);
      const entries: TaskEntry[] = [];
      for (let at = 0; at < ids.length; at += AT_ONCE) {
        const some = ids.slice(at, at + AT_ONCE).map((id) => entryOf(parts, id, state));
        entries.push(...(await Promise.all(some)).filter((entry) => entry !== null));
      }
      return entries;
    },
    async show(id) {
      const job = await jobOf(parts, id);
      return job === null ? null : detailOf(parts, id, job);
    },
    retry: (id) => order(parts, id, retry),
    drop: (id) => order(parts, id, drop),
    async pause(isPaused) {
      await (isPaused ? bull.pause() : bull.resume());
      await ring();
    },
  };
}

/** The first jobs of a state, those first that come next. */
async function idsOf(
  client: Redis,
  names: Names,
  state: TaskState,
  most: number,
): Promise<readonly string[]> {
  const now = lastScoreDue(Date.now());
  const first = ['LIMIT', 0, most] as const;
  const delayed = names.list('delayed');
  switch (state) {
    case 'waiting': {
      const again = (await client.lrange(names.list('wait'), -most, -1)).reverse();
      const next = await client.zrange(names.list('prioritized'), '0', String(most - 1));
      const due = await client.zrangebyscore(delayed, 0, now, ...first);
      return [...again, ...next, ...due].slice(0, most);
    }
    case 'delayed':
      return client.zrangebyscore(delayed, `(${now}`, '+inf', ...first);
    case 'running':
      return (await client.lrange(names.list('active'), -most, -1)).reverse();
    case 'failed':
      return client.zrevrange(names.list('failed'), '0', String(most - 1));
  }
}

/** Without its data, which may be large. */
async function entryOf(
  { client, names }: AdminParts,
  id: string,
  state: TaskState,
): Promise<TaskEntry | null> {
  const [fields, counted, score] = succeed(
    await client
      .multi()
      .hmget(names.job(id), ...DUE_FIELDS)
      .hmget(names.job(id), 'name', 'priority', 'atm', 'stc')
      .zscore(names.list('delayed'), id)
      .exec(),
  ) as [(string | null)[], (string | null)[], string | null];
  const [name, priority, ended, cut] = counted;
  if (name === null || name === undefined) return null;
  const runs = Number(ended ?? 0) + Number(cut ?? 0) + (state === 'running' ? 1 : 0);
  const due = score === null ? dueOf(fields) : Math.floor(Number(score) / SCORES_A_MS);
  return { id, name, state, priority: fromBullPriority(Number(priority)), attempts: runs, due };
}

async function jobOf({ libraries, bull }: AdminParts, id: string): Promise<Job | null> {
  if (!ID.test(id)) return null;
  return (await libraries.bullmq.Job.fromId(bull, id)) ?? null;
}

async function detailOf(parts: AdminParts, id: string, job: Job): Promise<TaskDetail | null> {
  const data = readData(job.data);
  const state = await stateOf(job);
  const entry = state === null ? null : await entryOf(parts, id, state);
  if (entry === null || data === null) return null;
  const { retries, backoff, timeout, dedupeKey } = data.order;
  return {
    ...entry,
    payload: data.payload,
    bodyLength: data.bodyLength,
    ...{ retries, backoff, timeout, dedupeKey, spooledAt: data.spooledAt },
    failures: readFailures(job.stacktrace ?? []),
  };
}

/** Null: it is in none, since it has ended meanwhile. */
async function stateOf(job: Job): Promise<TaskState | null> {
  switch (await job.getState()) {
    case 'waiting':
    case 'prioritized':
      return 'waiting';
    case 'delayed':
      return 'delayed';
    case 'active':
      return 'running';
    case 'failed':
      return 'failed';
    case 'completed':
    case 'waiting-children':
    case 'unknown':
      return null;
  }
}

type Act = (parts: AdminParts, job: Job, state: TaskState) => Promise<void>;

/** A task that moves on each time somebody wants to take it is one that is run. */
const MOST_TRIES = 10;

async function order(parts: AdminParts, id: string, act: Act): Promise<Verdict> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const job = await jobOf(parts, id);
    const state = job === null ? null : await stateOf(job);
    if (job === null || state === null) return 'unknown';
    if (state === 'running') return 'running';
    try {
      await act(parts, job, state);
      await parts.ring();
      return 'done';
    } catch (error) {
      // It has moved on since it was looked at.
      if (codeOf(error) === null && !String(error).includes('locked')) throw error;
    }
  }
  return 'running';
}

/** A waiting one is offered already. */
const retry: Act = async ({ client, names }, job, state) => {
  if (state === 'waiting') return;
  const key = readData(job.data)?.order.dedupeKey ?? null;
  const { id = '' } = job;
  if (state === 'failed') {
    await client.hset(names.job(id), 'stc', 0);
    await job.retry('failed', { resetAttemptsMade: true });
    if (key !== null) await client.setnx(names.holder(hashOf(key)), id);
    return;
  }
  await job.promote();
  await client.hset(names.job(id), 'stc', 0, 'atm', 0);
};

const drop: Act = async (_parts, job) => {
  await job.remove();
};
