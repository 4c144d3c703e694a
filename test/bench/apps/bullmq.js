// A plain worker of BullMQ: `bullmq.js PORT AT_ONCE OF RESULT`. The last of OF runs writes down how many
// milliseconds passed since the first began.
import { renameSync, writeFileSync } from 'node:fs';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';

const [port, atOnce, of, result] = process.argv.slice(2);
let begun;
let runs = 0;

const run = () => {
  begun ??= performance.now();
  if (++runs < Number(of)) return Promise.resolve();
  writeFileSync(`${result}.new`, String(performance.now() - begun));
  renameSync(`${result}.new`, result);
  return Promise.resolve();
};

const connection = new Redis({ port: Number(port), maxRetriesPerRequest: null });
const worker = new Worker('plain', run, { connection, concurrency: Number(atOnce) });
process.once('SIGINT', async () => {
  await worker.close();
  process.exit(0);
});
