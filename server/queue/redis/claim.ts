import type { Job, Worker as BullWorker } from 'bullmq';
import type { ClaimedTask, Queue } from '../contract.js';
import { readBody } from './body.js';
import type { Connection } from './connection.js';
import type { RedisLibraries } from './libraries.js';
import type { Locks } from './locks.js';
import type { Names } from './names.js';
import type { Claim } from './scripts.js';
import { readData, type TaskData } from './task-data.js';
import { SCORES_A_MS } from './due.js';
import { giveUp } from './failures.js';

/** A job that this process has. */
export interface Held {
  readonly job: Job;
  readonly claim: Claim;
  readonly attempt: number;
  readonly data: TaskData;
  /** It was told how it ended, and no answer came. */
  isUnsure: boolean;
}

export interface ClaimParts {
  readonly libraries: RedisLibraries;
  readonly connection: Connection;
  readonly worker: BullWorker;
  readonly names: Names;
  readonly owner: string;
  readonly locks: Locks;
  readonly held: Map<string, Held>;
  /** Told when the next task is due that is not yet, in milliseconds since 1970. */
  readonly onNextDue: (due: number) => void;
}

/** Claims the next job. Cut runs count: BullMQ counts them by themselves, as stalled. */
export function createClaim(parts: ClaimParts): Queue['claim'] {
  const { connection, worker, names, owner, locks, held, onNextDue } = parts;
  const { client } = connection;
  const lost = new Set<string>();
  let number = 0;

  /** What was claimed while the answer got lost is put back: nobody has run it. */
  const putBackLost = async (): Promise<void> => {
    if (lost.size === 0) return;
    for (const id of await client.lrange(names.list('active'), 0, -1)) {
      const token = await client.get(names.lock(id));
      if (token === null || !lost.has(token)) continue;
      const job = await parts.libraries.bullmq.Job.fromId(worker, id);
      await job?.moveToWait(token);
    }
    lost.clear();
  };

  const take = async (): Promise<Job | null> => {
    const token = `${owner}:${number++}`;
    try {
      const job = (await worker.getNextJob(token, { block: false })) as Job | undefined;
      return job ?? null;
    } catch (error) {
      lost.add(token);
      throw error;
    }
  };

  const tellNextDue = async (): Promise<void> => {
    const [, score] = await client.zrange(names.list('delayed'), '0', '0', 'WITHSCORES');
    if (score !== undefined) onNextDue(Math.ceil(Number(score) / SCORES_A_MS));
  };

  return async () => {
    connection.require();
    await putBackLost();
    for (;;) {
      const job = await take();
      if (job === null) {
        await tellNextDue();
        return null;
      }
      const one = await open(job);
      if (one === null) continue;
      held.set(one.claim.id, one);
      locks.keep(one.claim);
      return taskOf(one, connection, names);
    }
  };
}

/** What is no task, or has had all its runs cut, is put with the failed ones. */
async function open(job: Job): Promise<Held | null> {
  const { id = '', token = '' } = job;
  const attempt = job.attemptsMade + job.stalledCounter + 1;
  const data = readData(job.data);
  if (data === null) {
    await giveUp(job, attempt, 'its data is no task: something else than tsuwsgi has put it in');
    return null;
  }
  if (attempt > data.order.retries + 1) {
    await giveUp(job, attempt - 1, `its spooler died in run ${attempt - 1}`);
    return null;
  }
  const claim = { id, token, starts: job.attemptsStarted };
  return { job, claim, attempt, data, isUnsure: false };
}

function taskOf(
  { job, claim, attempt, data }: Held,
  connection: Connection,
  names: Names,
): ClaimedTask {
  const { id } = claim;
  const { payload, order, spooledAt, bodyLength } = data;
  const body = bodyLength === null ? null : () => readBody(connection, names.body(id), bodyLength);
  return { id, name: job.name, payload, body, attempt, order, spooledAt };
}
