import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome } from '../../server/queue/contract.js';
import { openFolderQueue } from '../../server/queue/folder/open.js';

/**
 * Runs the tasks of a queue until it is killed: `FOLDER LOG NAME ORDERED`. It writes `start TASK NAME`
 * before a run, and `end TASK NAME` or `fail TASK NAME` after it, before it tells the queue.
 */
const [folder = '', log = '', name = '', ordered = ''] = process.argv.slice(2);
const queue = await openFolderQueue(folder, { ordered: ordered === 'ordered' });
/** A run takes up to so long, so that some are cut. */
const LONGEST_RUN_MS = 4;
const POLL_MS = 50;
/** One run of so many fails. */
const FAILS = 20;

let wake = (): void => undefined;
queue.watch(() => {
  wake();
});
for (;;) {
  await queue.recover();
  const task = await queue.claim();
  if (task === null) {
    await Promise.race([pause(POLL_MS), new Promise<void>((resolve) => (wake = resolve))]);
    continue;
  }
  const cat = String(task.payload);
  appendFileSync(log, `start ${cat} ${name}\n`);
  await pause(Math.random() * LONGEST_RUN_MS);
  const fails = Math.random() * FAILS < 1;
  appendFileSync(log, `${fails ? 'fail' : 'end'} ${cat} ${name}\n`);
  const outcome: Outcome = fails ? { type: 'failed', error: 'by chance' } : { type: 'done' };
  await queue.settle(task, outcome);
}
