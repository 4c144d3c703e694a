import { appendFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { ClaimedTask, Outcome } from '../../server/queue/contract.js';
import { openQueue } from '../../server/queue/open.js';
import { QueueError } from '../../server/queue/queue-error.js';

/**
 * Runs the tasks of a queue until it is killed: `QUEUE LOG NAME AT-ONCE`. It writes `start TASK NAME`
 * before a run, and `end TASK NAME` or `fail TASK NAME` after it, before it tells the queue; and it
 * tells that until it is heard.
 */
const [place = '', log = '', name = '', atOnce = '1'] = process.argv.slice(2);
/** A run takes up to so long, so that some are cut. */
const LONGEST_RUN_MS = 40;
const POLL_MS = 50;
/** One run of so many fails. */
const FAILS = 20;

const queue = await attempt(() => openQueue(place, { ordered: false }));

const waiting = new Set<() => void>();
queue.watch(() => {
  for (const wake of waiting) wake();
});

/** Does what is refused only while Redis is away. */
async function attempt<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof QueueError && error.code === 'io')) throw error;
      await pause(POLL_MS);
    }
  }
}

async function run(task: ClaimedTask): Promise<void> {
  const cat = String(task.payload);
  appendFileSync(log, `start ${cat} ${name}\n`);
  const { body } = task;
  if (body !== null) await attempt(() => buffer(body()));
  await pause(Math.random() * LONGEST_RUN_MS);
  const fails = Math.random() * FAILS < 1;
  appendFileSync(log, `${fails ? 'fail' : 'end'} ${cat} ${name}\n`);
  const outcome: Outcome = fails ? { type: 'failed', error: 'by chance' } : { type: 'done' };
  await attempt(() => queue.settle(task, outcome));
}

async function consume(): Promise<never> {
  for (;;) {
    const task = await attempt(() => queue.claim());
    if (task !== null) {
      await run(task);
      continue;
    }
    await Promise.race([pause(POLL_MS), new Promise<void>((resolve) => waiting.add(resolve))]);
    waiting.clear();
  }
}

await Promise.all(Array.from({ length: Number(atOnce) }, consume));
