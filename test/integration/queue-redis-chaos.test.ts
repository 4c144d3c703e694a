import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openQueue } from '../../server/queue/open.js';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { startFleet } from '../support/queue-fleet.js';
import { keysOfTasks, NO_REDIS, type RedisServer, startRedis } from '../support/redis.js';
import { seeded, type Seeded } from '../support/seeded.js';
import { checkRuns, countLines, readTaskLines, type TaskLedger } from '../support/task-ledger.js';

const isLong = process.env['TEST_LONG'] === '1';
const TASKS = isLong ? 10_000 : 2000;
const PRODUCERS = 4;
const CONSUMERS = 3;
const AT_ONCE = '4';
const STRIKE_EVERY_MS = 800;
const RESTART_EVERY_MS = 4000;
/** A fast machine is through with its tasks before much has happened to them: it goes on then. */
const STRIKES = isLong ? 40 : 8;
const RESTARTS = isLong ? 5 : 2;
const LIMIT_MS = isLong ? 1_200_000 : 150_000;

/** Does something bad now and then until it is told to stop. */
function trouble(everyMs: number, chance: Seeded, act: () => unknown): () => Promise<void> {
  const stopped = new AbortController();
  const done = (async () => {
    while (!stopped.signal.aborted) {
      await pause(chance.next() * 2 * everyMs, undefined, { signal: stopped.signal }).catch(
        () => undefined,
      );
      await act();
    }
  })();
  return () => {
    stopped.abort();
    return done;
  };
}

async function restart(redis: RedisServer, chance: Seeded): Promise<void> {
  await redis.stop(chance.next() < 0.5 ? 'SIGKILL' : 'SHUTDOWN');
  await pause(chance.next() * 500);
  await redis.start();
}

async function chaos(t: TestContext): Promise<TaskLedger> {
  const seed = Date.now() & 0xffff;
  t.diagnostic(`seed ${seed}`);
  const chance = seeded(seed);
  const redis = await startRedis(t);
  const place = redis.url('cats');
  const log = path.join(makeFolder(t, {}), 'log');
  writeFileSync(log, '');
  const argumentsOf = (name: string): string[] => [place, log, name, AT_ONCE];
  const producers = startFleet(t, PRODUCERS, 'redis-producer', argumentsOf);
  const consumers = startFleet(t, CONSUMERS, 'redis-consumer', argumentsOf);
  const began = performance.now();
  let strikes = 0;
  let restarts = 0;
  const stops = [
    trouble(STRIKE_EVERY_MS, chance, () => {
      strikes++;
      (chance.next() < 0.5 ? producers : consumers).strike(chance);
    }),
    trouble(RESTART_EVERY_MS, chance, () => {
      restarts++;
      return restart(redis, chance);
    }),
  ];
  const isEnough = (): boolean =>
    countLines(log, 'ack') >= TASKS && strikes >= STRIKES && restarts >= RESTARTS;
  await eventually('the acknowledgements', isEnough, LIMIT_MS);
  for (const stop of stops) await stop();
  await producers.end();
  const queue = await openQueue(place, { ordered: false });
  t.after(() => queue.close());
  const isEmpty = async (): Promise<boolean> => {
    const { waiting, delayed, in_progress } = await queue.counts();
    return waiting + delayed + in_progress === 0;
  };
  await eventually('all tasks to have run', isEmpty, LIMIT_MS);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const acknowledged = countLines(log, 'ack');
  t.diagnostic(`${acknowledged} tasks in ${seconds} s; ${strikes} strikes, ${restarts} restarts`);
  await consumers.end();
  assert.deepEqual([...producers.complaints, ...consumers.complaints], [], 'none ended by itself');
  assert.deepEqual(await keysOfTasks(redis), [], 'no key is left');
  return { lines: readTaskLines(log), killed: consumers.killed };
}

test(
  'no task is lost in a Redis or run twice at once, whoever is killed, stopped or restarted',
  { skip: NO_REDIS },
  async (t) => {
    const told = await chaos(t);
    const cuts = checkRuns(told);
    const runs = told.lines.filter(({ kind }) => kind === 'start').length;
    t.diagnostic(`${runs} runs; ${cuts} of them cut`);
  },
);
