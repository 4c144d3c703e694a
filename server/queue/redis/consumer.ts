import type { Worker as BullWorker } from 'bullmq';
import type { Queue } from '../contract.js';
import type { Bell } from './bell.js';
import { createClaim, type Held } from './claim.js';
import type { Connection, Login } from './connection.js';
import type { RedisLibraries } from './libraries.js';
import { LOCK_MS, STALLED_MS, startLocks } from './locks.js';
import type { Holders } from './machine.js';
import type { Names } from './names.js';
import { createRecover } from './recover.js';
import { createSettle } from './settle.js';

/** What a process needs that runs tasks, and not one that only puts them in. */
export interface Consumer extends Pick<Queue, 'claim' | 'settle' | 'recover'> {
  close(): Promise<void>;
}

export interface ConsumerParts {
  readonly libraries: RedisLibraries;
  readonly connection: Connection;
  readonly login: Login;
  readonly names: Names;
  readonly holders: Holders;
  readonly bell: Bell;
}

/** Cut runs are counted by us: BullMQ is not to give a job up for them. */
const NEVER = 1_000_000_000;

export async function createConsumer(parts: ConsumerParts): Promise<Consumer> {
  const { libraries, connection, login, names, holders, bell } = parts;
  const { ring } = bell;
  const locks = await startLocks({ login, queue: names.queue.slice(1, -1) });
  const worker = await startWorker(parts).catch(async (error: unknown) => {
    await locks.close();
    throw error;
  });
  const held = new Map<string, Held>();
  const owner = holders.self;
  return {
    claim: createClaim({
      ...{ libraries, connection, worker, names, owner, locks, held },
      onNextDue: bell.ringAt,
    }),
    settle: createSettle({ connection, names, locks, held, ring }),
    recover: createRecover({ connection, worker, names, holders, ring }),
    async close() {
      await locks.close();
      await worker.close(true);
    },
  };
}

/** BullMQ's worker, of which only the fetching of jobs is used: it runs nothing by itself. */
async function startWorker(parts: ConsumerParts): Promise<BullWorker> {
  const { libraries, connection, names } = parts;
  const worker = new libraries.bullmq.Worker(names.queue, null, {
    connection: connection.client,
    prefix: names.prefix,
    autorun: false,
    skipVersionCheck: true,
    skipLockRenewal: true,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_MS,
    maxStalledCount: NEVER,
  });
  worker.on('error', () => undefined);
  try {
    await worker.waitUntilReady();
    return worker;
  } catch (error) {
    await worker.close(true);
    throw error;
  }
}
