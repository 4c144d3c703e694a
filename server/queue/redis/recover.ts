import type { Worker as BullWorker } from 'bullmq';
import type { Queue } from '../contract.js';
import type { Connection } from './connection.js';
import type { Holders } from './machine.js';
import type { Names } from './names.js';
import { offer } from './scripts.js';

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
  // BullMQ marks what runs, and takes later what has no lock and is marked still. After Redis was
  // away that begins anew, so that those who live have the time to take their locks again.
  client.on('ready', () => {
    client.unlink(names.list('stalled')).catch(() => undefined);
  });
  return async () => {
    connection.require();
    const ids = await client.lrange(names.list('active'), 0, -1);
    if (ids.length === 0) return 0;
    const tokens = await client.mget(ids.map(names.lock));
    let count = 0;
    for (const [index, id] of ids.entries()) {
      const token = tokens[index] ?? null;
      if (token === null || !holders.isDead(token)) continue;
      if (await offer(client, names, id, token)) count++;
    }
    const stalled = (await worker.backend.moveStalledJobsToWait()) as readonly string[];
    count += stalled.length;
    if (count > 0) await ring();
    return count;
  };
}
