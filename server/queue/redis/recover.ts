import type { Worker as BullWorker } from 'bullmq';
import type { Queue } from '../contract.js';
import type { Connection } from './connection.js';
import type { Holders } from './machine.js';
import type { Names } from './names.js';
import { unlock } from './scripts.js';

export interface RecoverParts {
  readonly connection: Connection;
  readonly worker: BullWorker;
  readonly names: Names;
  readonly holders: Holders;
  /** There may be something to claim. */
  readonly ring: () => Promise<void>;
}

/**
 * Offers again what nobody holds any more: jobs of processes of this machine that have ended, at
 * once, and those of other machines when their locks have run out.
 */
export function createRecover(parts: RecoverParts): Queue['recover'] {
  const { connection, worker, names, holders, ring } = parts;
  const { client } = connection;
  return async () => {
    connection.require();
    const ids = await client.lrange(names.list('active'), 0, -1);
    if (ids.length === 0) return 0;
    const tokens = await client.mget(ids.map(names.lock));
    for (const [index, id] of ids.entries()) {
      const token = tokens[index] ?? null;
      if (token !== null && holders.isDead(token)) await unlock(client, names, id, token);
    }
    const moved = (await worker.backend.moveStalledJobsToWait()) as readonly string[];
    if (moved.length > 0) await ring();
    return moved.length;
  };
}
