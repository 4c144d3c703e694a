import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../../shared/result.js';
import { LOCK_THREAD } from '../lock-thread-file.js';
import { type Login, PATIENCE_MS } from './connection.js';
import type { Claim } from './scripts.js';

/** The lock of a job that nobody renews is free after this. */
export const LOCK_MS = 5000;
/** How often locks are renewed. */
export const RENEW_MS = 1000;
/** How far apart two looks for jobs without a lock are, of which the second one takes them. */
export const STALLED_MS = 3000;

/** What the thread that renews locks is started with. */
export interface LockThreadData {
  readonly login: Login;
  readonly queue: string;
}

export type LockThreadOrder =
  { readonly type: 'keep'; readonly claim: Claim } | { readonly type: 'drop'; readonly id: string };

/** Keeps the locks of claimed jobs. */
export interface Locks {
  keep(claim: Claim): void;
  drop(id: string): void;
  close(): Promise<void>;
}

/**
 * Renews them in a thread of its own: a task that blocks its event loop does not lose its lock.
 * Settles when the thread is connected, as nothing may be claimed before.
 */
export async function startLocks(data: LockThreadData): Promise<Locks> {
  const { queue } = data;
  const thread = new Worker(LOCK_THREAD, { workerData: data, execArgv: [] });
  try {
    await once(thread, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    await thread.terminate();
    throw new Error(`the thread that renews locks cannot connect: ${messageOf(error)}`, {
      cause: error,
    });
  }
  thread.unref();
  thread.on('error', (error) => {
    process.stderr.write(`queue ${queue}: locks are not renewed any more: ${messageOf(error)}\n`);
  });
  const send = (order: LockThreadOrder): void => {
    thread.postMessage(order);
  };
  return {
    keep(claim) {
      send({ type: 'keep', claim });
    },
    drop(id) {
      send({ type: 'drop', id });
    },
    async close() {
      await thread.terminate();
    },
  };
}
