import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openQueue } from '../../server/queue/open.js';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { startFleet } from '../support/queue-fleet.js';
import { keysOfTasks, NO_REDIS, type RedisServer, startRedis } from '../support/redis.js';
import { seeded, type Seeded } from '../support/seeded.js';

const isLong = process.env['TEST_LONG'] === '1';
const TASKS = isLong ? 10_000 : 2000;
const PRODUCERS = 4;
const CONSUMERS = 3;
const AT_ONCE = '4';
const STRIKE_EVERY_MS = 800;
const RESTART_EVERY_MS = 4000;
const LIMIT_MS = isLong ? 1_200_000 : 150_000;

interface Line {
  readonly kind: 'ack' | 'start' | 'end' | 'fail';
  readonly cat: string;
  readonly name: string;
}

function linesOf(log: string): Line[] {
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [kind, cat = '', name = ''] = line.split(' ');
    return { kind: kind as Line['kind'], cat, name };
  });
}

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

interface Chaos {
  readonly lines: readonly Line[];
  readonly killed: ReadonlySet<string>;
}

async function chaos(t: TestContext): Promise<Chaos> {
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
  const stops = [
    trouble(STRIKE_EVERY_MS, chance, () => {
      (chance.next() < 0.5 ? producers : consumers).strike(chance);
    }),
    trouble(RESTART_EVERY_MS, chance, () => restart(redis, chance)),
  ];
  const isEnough = (): boolean => linesOf(log).filter(({ kind }) => kind === 'ack').length >= TASKS;
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
  await consumers.end();
  assert.deepEqual([...producers.complaints, ...consumers.complaints], [], 'none ended by itself');
  assert.deepEqual(await keysOfTasks(redis), [], 'no key is left');
  return { lines: linesOf(log), killed: consumers.killed };
}

/** The runs of each task, in order. */
function runsOf(lines: readonly Line[]): Map<string, Line[]> {
  const runs = new Map<string, Line[]>();
  for (const line of lines) {
    if (line.kind !== 'ack') runs.set(line.cat, [...(runs.get(line.cat) ?? []), line]);
  }
  return runs;
}

test(
  'no task is lost in a Redis or run twice at once, whoever is killed, stopped or restarted',
  { skip: NO_REDIS },
  async (t) => {
    const { lines, killed } = await chaos(t);
    const runs = runsOf(lines);
    const lost = lines.filter(
      ({ kind, cat }) =>
        kind === 'ack' && runs.get(cat)?.some((line) => line.kind === 'end') !== true,
    );
    assert.deepEqual(lost, [], 'acknowledged tasks that never ran to their end');
    for (const [cat, told] of runs) {
      for (const [index, line] of told.entries()) {
        const next = told[index + 1];
        if (next === undefined || line.kind === 'fail') continue;
        const isSameRun = line.kind === 'start' && next.kind !== 'start' && next.name === line.name;
        const isCut = next.kind === 'start' && killed.has(line.name);
        assert.ok(isSameRun || isCut, `task ${cat}: ${JSON.stringify(told)}`);
      }
    }
  },
);
