import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Queue as BullQueue } from 'bullmq';
import { Redis } from 'ioredis';
import { openQueue } from '../../server/queue/open.js';
import { freePort } from '../support/real-uwsgi.js';
import { SERVER_LAUNCHER, serverCommand } from './pin.js';
import { ours, PLACES, type QueueSubject, rateOf, resultOf } from './queue-subjects.js';
import { application } from './subjects.js';

/** Why queues in a Redis are not measured; null where they are. */
export const WITHOUT_REDIS =
  spawnSync('redis-server', ['--version']).error === undefined
    ? null
    : 'needs the package redis-server';

/** A Redis that has written down whatever it acknowledges, beside the servers under measurement. */
async function startRedis(place: keyof typeof PLACES) {
  const folder = mkdtempSync(path.join(PLACES[place], 'tsuwsgi-bench-'));
  const port = await freePort();
  const [command = '', ...words] = [
    ...SERVER_LAUNCHER,
    ...['redis-server', '--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
    ...['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''],
  ];
  const child = spawn(command, words, { stdio: 'ignore' });
  const closed = once(child, 'close');
  const client = new Redis({ port, maxRetriesPerRequest: null, retryStrategy: () => 20 });
  client.on('error', () => undefined);
  await client.ping();
  const stop = async (): Promise<void> => {
    client.disconnect();
    child.kill('SIGTERM');
    await closed;
    rmSync(folder, { recursive: true, force: true });
  };
  return { port, client, result: path.join(folder, 'result'), stop };
}

/** Tsuwsgi's queue in a Redis, and its spooler. */
export async function redisQueue(place: keyof typeof PLACES): Promise<QueueSubject> {
  const { port, result, stop } = await startRedis(place);
  const at = `redis://127.0.0.1:${port}#bench`;
  const queue = await openQueue(at, { ordered: false });
  return {
    ...ours(queue, at, result),
    async close() {
      await queue.close();
      await stop();
    },
  };
}

/** BullMQ as its manual has it. */
export async function plainBullQueue(place: keyof typeof PLACES): Promise<QueueSubject> {
  const { port, client, result, stop } = await startRedis(place);
  const queue = new BullQueue('plain', {
    connection: client,
    defaultJobOptions: { removeOnComplete: true, attempts: 4 },
  });
  return {
    spool: (count, atOnce) =>
      rateOf(count, atOnce, () => queue.add('nothing', { of: count, result })),
    async run(count, atOnce) {
      const words = [application('bullmq.js'), String(port), String(atOnce), String(count), result];
      const child = spawn(...serverCommand(words), { stdio: ['ignore', 'ignore', 'inherit'] });
      const closed = once(child, 'close');
      const rate = await resultOf(result, count);
      child.kill('SIGINT');
      await closed;
      rmSync(result);
      return rate;
    },
    async close() {
      await queue.close();
      await stop();
    },
  };
}
