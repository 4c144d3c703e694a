import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openFolderQueue } from '../../server/queue/folder/open.js';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { startFleet } from '../support/queue-fleet.js';
import { AT_REST, filesBelow } from '../support/queue-world.js';
import { seeded } from '../support/seeded.js';
import {
  checkOrder,
  checkRuns,
  countLines,
  readTaskLines,
  type TaskLedger,
} from '../support/task-ledger.js';

const isLong = process.env['TEST_LONG'] === '1';
const PRODUCERS = 4;
const CONSUMERS = 3;
const STRIKE_EVERY_MS = 120;
const LIMIT_MS = isLong ? 1_200_000 : 150_000;

/** Lets `tasks` tasks through while processes are struck; what is left in the folder is checked. */
async function chaos(t: TestContext, tasks: number, order: 'ordered' | 'any'): Promise<TaskLedger> {
  const seed = Date.now() & 0xffff;
  t.diagnostic(`seed ${seed}`);
  const chance = seeded(seed);
  const base = makeFolder(t, {});
  const [folder, log] = [path.join(base, 'queue'), path.join(base, 'log')];
  writeFileSync(log, '');
  const atOnce = order === 'ordered' ? '1' : '4';
  const producers = startFleet(t, PRODUCERS, 'producer', (name) => [
    folder,
    log,
    name,
    order,
    atOnce,
  ]);
  const consumers = startFleet(t, CONSUMERS, 'consumer', (name) => [folder, log, name, order]);
  const striking = new AbortController();
  const strikes = (async () => {
    for (let isIt = true; isIt; isIt = !striking.signal.aborted) {
      await pause(chance.next() * 2 * STRIKE_EVERY_MS);
      (chance.next() < 0.5 ? producers : consumers).strike(chance);
    }
  })();
  await eventually('the acknowledgements', () => countLines(log, 'ack') >= tasks, LIMIT_MS);
  striking.abort();
  await strikes;
  await producers.end();
  const queue = await openFolderQueue(folder, { ordered: order === 'ordered' });
  t.after(() => queue.close());
  const isEmpty = async (): Promise<boolean> => {
    const { waiting, delayed, in_progress } = await queue.counts();
    return waiting + delayed + in_progress === 0;
  };
  await eventually('all tasks to have run', isEmpty, LIMIT_MS);
  await consumers.end();
  await queue.recover();
  assert.deepEqual([...producers.complaints, ...consumers.complaints], [], 'none ended by itself');
  assert.deepEqual(filesBelow(folder), AT_REST, 'no file and no lease is left');
  return { lines: readTaskLines(log), killed: consumers.killed };
}

test('no task is lost or run twice at once, whoever is killed or stopped', async (t) => {
  const told = await chaos(t, isLong ? 10_000 : 2000, 'any');
  checkRuns(told);
});

test('an ordered queue stays in order, whoever is killed or stopped', async (t) => {
  const told = await chaos(t, isLong ? 10_000 : 300, 'ordered');
  checkRuns(told);
  checkOrder(told);
});
