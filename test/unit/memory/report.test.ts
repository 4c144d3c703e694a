import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MemorySeries, NO_LIMITS } from '../../../shared/memory/points.js';
import { reachOf } from '../../../shared/memory/reach.js';
import { reportOf } from '../../../shared/memory/report.js';
import { generate } from '../../support/memory-generators.js';
import { seeded } from '../../support/seeded.js';

const MB = 1024 * 1024;
const WINDOW = { windowS: 600, time: 600 };

function flat(worker: number, rss: number, more: Partial<MemorySeries> = {}): MemorySeries {
  const points = Array.from({ length: 121 }, (_, index) => ({
    ...{ t: index * 5, rss, pss: null, uss: null, heap: null, external: null, requests: null },
  }));
  return { worker, pid: 100 + worker, since: 0, heapLimit: null, replaced: null, points, ...more };
}

function leaking(worker: number, more: Partial<MemorySeries> = {}): MemorySeries {
  return flat(worker, 0, { points: generate('heap leak', seeded(worker)).points, ...more });
}

test('the limit that is reached first is told, and none where nothing grows', () => {
  const slow = { name: 'heap limit', bytes: 1000, now: 0, slope: 1 } as const;
  const fast = { name: 'reload-on-rss', bytes: 500, now: 400, slope: 2 } as const;
  assert.deepEqual(reachOf([slow, fast]), { limit: 'reload-on-rss', bytes: 500, inS: 50 });
  assert.deepEqual(reachOf([{ ...fast, now: 600 }])?.inS, 0);
  assert.equal(
    reachOf([
      { ...slow, slope: 0 },
      { ...fast, bytes: null },
    ]),
    null,
  );
  assert.equal(reachOf([{ ...slow, bytes: 1e12 }]), null, 'a year is far');
});

test('a leak says when it reaches --reload-on-rss, and the pool when the control group is full', () => {
  const cgroup = { cgroup: 4096 * MB, cgroupUsed: 1024 * MB };
  const limits = { ...NO_LIMITS, reloadOnRss: 400 * MB, ...cgroup };
  const { workers, pool } = reportOf([flat(2, 50 * MB), leaking(1)], limits, WINDOW);
  assert.deepEqual(
    workers.map(({ id, verdict }) => [id, verdict]),
    [
      [1, 'leak'],
      [2, 'none'],
    ],
  );
  assert.equal(workers[0]?.reaches?.limit, 'reload-on-rss');
  assert.equal(workers[1]?.reaches, null);
  assert.deepEqual([pool.verdict, pool.reaches?.limit], ['leak', 'cgroup']);
});

/** A leak of which the kernel tells that an eighth of the process is shared. */
function sharing(worker: number): MemorySeries {
  const points = generate('heap leak', seeded(worker)).points.map((point) => ({
    ...point,
    pss: (point.rss * 15) / 16,
    uss: (point.rss * 14) / 16,
  }));
  return flat(worker, 0, { points, heapLimit: 4096 * MB });
}

const OPTIONS = [
  ['reload-on-rss', 'reloadOnRss', 'rss'],
  ['reload-on-pss', 'reloadOnPss', 'pss'],
  ['reload-on-uss', 'reloadOnUss', 'uss'],
  ['reload-on-heap', 'reloadOnHeap', 'heap'],
] as const;

for (const [limit, key, measure] of OPTIONS) {
  test(`--${limit} is reached by the ${measure} of a worker, at the rate at which that grows`, () => {
    const bytes = 500 * MB;
    const [worker] = reportOf([sharing(1)], { ...NO_LIMITS, [key]: bytes }, WINDOW).workers;
    const slope = worker?.[measure]?.slope ?? NaN;
    const inS = (bytes - (worker?.now?.[measure] ?? NaN)) / slope;
    assert.deepEqual(worker?.reaches, { limit, bytes, inS });
  });
}

test('a limit of what nobody measured is not said to be reached', () => {
  const limits = { ...NO_LIMITS, reloadOnPss: 500 * MB, reloadOnUss: 500 * MB };
  assert.equal(reportOf([leaking(1)], limits, WINDOW).workers[0]?.reaches, null);
});

test('the pool reaches --memory-budget by the sum of PSS', () => {
  const budget = 2000 * MB;
  const { pool, workers } = reportOf([sharing(1), sharing(2)], { ...NO_LIMITS, budget }, WINDOW);
  const [now, slope] = [
    workers.reduce((sum, worker) => sum + (worker.now?.pss ?? NaN), 0),
    workers.reduce((sum, worker) => sum + (worker.pss?.slope ?? NaN), 0),
  ];
  const inS = (budget - now) / slope;
  assert.deepEqual(pool.reaches, { limit: 'memory-budget', bytes: budget, inS });
});

test('the budget is held against RSS where the kernel tells no PSS, and not while it tells that of some', () => {
  const budget = 2000 * MB;
  const limits = { ...NO_LIMITS, budget };
  const blind = reportOf([leaking(1)], limits, WINDOW);
  const rss = blind.workers[0]?.now?.rss ?? NaN;
  const inS = (budget - rss) / (blind.workers[0]?.rss?.slope ?? NaN);
  assert.deepEqual(blind.pool.reaches, { limit: 'memory-budget', bytes: budget, inS });
  assert.equal(reportOf([leaking(1), sharing(2)], limits, WINDOW).pool.reaches, null);
});

test('workers of the same age are compared, others are not', () => {
  const series = [
    flat(1, 90 * MB),
    flat(2, 50 * MB),
    flat(3, 60 * MB),
    flat(4, 900 * MB, { since: -9000 }),
  ];
  const { workers } = reportOf(series, NO_LIMITS, WINDOW);
  assert.deepEqual(
    workers.map(({ peers }) => peers),
    [
      { workers: 2, more: 35 * MB },
      { workers: 2, more: -25 * MB },
      { workers: 2, more: -10 * MB },
      null,
    ],
  );
});

test('what a recycling gave back is the old size without that of the loaded new process', () => {
  const replaced = { pid: 7, rss: 300 * MB, at: 0 };
  const { workers, pool } = reportOf([flat(1, 80 * MB, { replaced })], NO_LIMITS, WINDOW);
  assert.deepEqual(workers[0]?.returned, { pid: 7, bytes: 220 * MB, at: 0 });
  assert.equal(pool.returned, 220 * MB);
});

test('what lies before the window does not count', () => {
  const { workers } = reportOf([leaking(1)], NO_LIMITS, { windowS: 60, time: 600 });
  assert.equal(workers[0]?.points.length, 13);
  assert.equal(workers[0].seen, 60);
});

test('a report of nobody is empty and calm', () => {
  const { workers, pool } = reportOf([], NO_LIMITS, WINDOW);
  assert.deepEqual([workers.length, pool.verdict, pool.rss, pool.slope], [0, 'none', null, null]);
});
