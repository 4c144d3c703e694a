import { parentPort, workerData } from 'node:worker_threads';
import { connect } from './connection.js';
import { loadRedisLibraries } from './libraries.js';
import { LOCK_MS, type LockThreadData, type LockThreadOrder, RENEW_MS } from './locks.js';
import { namesOf } from './names.js';
import { type Claim, hold } from './scripts.js';

/** The entry of the thread that renews the locks of its process's claimed jobs. */

const { login, queue } = workerData as LockThreadData;
const names = namesOf(queue);
const { client } = connect(await loadRedisLibraries(), login);
const claims = new Map<string, Claim>();

const renew = (claim: Claim): void => {
  // One that fails is renewed the next time, or is not this process's any more: settling it tells.
  hold(client, names, claim, LOCK_MS).catch(() => undefined);
};
parentPort?.on('message', (order: LockThreadOrder) => {
  if (order.type === 'keep') claims.set(order.claim.id, order.claim);
  else claims.delete(order.id);
});
client.on('ready', () => {
  // The first one is waited for.
  parentPort?.postMessage('ready');
  for (const claim of claims.values()) renew(claim);
});
setInterval(() => {
  for (const claim of claims.values()) renew(claim);
}, RENEW_MS);
