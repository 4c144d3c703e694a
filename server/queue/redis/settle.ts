import type { Job } from 'bullmq';
import { backoffOf } from '../backoff.js';
import type { Outcome, Queue } from '../contract.js';
import { QueueError } from '../queue-error.js';
import type { Held } from './claim.js';
import type { Connection } from './connection.js';
import { errorOf } from './failures.js';
import { LOCK_MS, type Locks } from './locks.js';
import type { Names } from './names.js';
import { hold } from './scripts.js';
import { codeOf, isAnswer } from './troubles.js';

export interface SettleParts {
  readonly connection: Connection;
  readonly names: Names;
  readonly locks: Locks;
  readonly held: Map<string, Held>;
  /** There may be something to claim. */
  readonly ring: () => Promise<void>;
}

type How = Awaited<ReturnType<Queue['settle']>>;

/**
 * Tells BullMQ how a run ended. Where no answer came, the job shows whether it was told: it is gone,
 * or not this process's any more.
 */
export function createSettle(parts: SettleParts): Queue['settle'] {
  const { connection, locks, held, ring } = parts;
  return async (task, outcome) => {
    const one = held.get(task.id);
    if (one === undefined) throw notClaimed(task.id);
    const how = howOf(one, outcome);
    connection.require();
    try {
      await tell(parts, one, outcome);
    } catch (error) {
      if (!isAnswer(error)) one.isUnsure = true;
      if (codeOf(error) === null) throw error;
      const wasTold = one.isUnsure && (outcome.type !== 'done' || codeOf(error) === GONE);
      if (!wasTold) {
        forget(one.claim.id);
        throw notClaimed(task.id);
      }
    }
    forget(one.claim.id);
    if (how === 'retried' || how === 'returned') await ring();
    return how;
  };

  function forget(id: string): void {
    held.delete(id);
    locks.drop(id);
  }
}

/** Codes of BullMQ: there is no such job, it is not locked. */
const GONE = -1;
const UNLOCKED = -2;

function howOf({ attempt, data }: Held, outcome: Outcome): How {
  if (outcome.type !== 'failed') return outcome.type;
  return attempt > data.order.retries ? 'failed' : 'retried';
}

async function tell(parts: SettleParts, one: Held, outcome: Outcome): Promise<void> {
  try {
    await move(one, outcome);
  } catch (error) {
    // While Redis was away, locks ran out: this one is taken again unless somebody else was quicker.
    if (codeOf(error) !== UNLOCKED) throw error;
    if (!(await hold(parts.connection.client, parts.names, one.claim, LOCK_MS))) throw error;
    await move(one, outcome);
  }
}

async function move({ job, claim, attempt, data }: Held, outcome: Outcome): Promise<void> {
  switch (outcome.type) {
    case 'done':
      await job.moveToCompleted(null, claim.token, false);
      return;
    case 'returned':
      await job.moveToWait(claim.token);
      return;
    case 'failed':
      job.opts.backoff = {
        type: 'fixed',
        delay: backoffOf(data.order.backoff, attempt, Math.random()),
      };
      await fail(job, claim.token, errorOf(attempt, outcome.error, attempt > data.order.retries));
  }
}

/** The error is told anew each time: BullMQ adds it to those it has. */
async function fail(job: Job, token: string, error: Error): Promise<void> {
  const known = [...(job.stacktrace ?? [])];
  try {
    await job.moveToFailed(error, token);
  } catch (problem) {
    job.stacktrace = known;
    throw problem;
  }
}

function notClaimed(id: string): QueueError {
  const what = 'it was not claimed here, was settled already, or was offered again';
  return new QueueError('not claimed', `task ${id}: ${what}, as its lock was not renewed in time`);
}
