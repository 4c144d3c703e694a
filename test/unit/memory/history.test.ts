import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NO_LIMITS } from '../../../shared/memory/points.js';
import { readHistory } from '../../../shared/memory/history.js';

const WORKER = {
  ...{ id: 1, pid: 10, since: 100, heap_limit: 4000, replaced: { pid: 9, rss: 70, at: 99 } },
  ...{
    t: [105, 100],
    rss: [50, 40],
    pss: [null, 30],
    uss: [null, 25],
    heap: [20, 10],
    external: [5, null],
  },
  requests: [7, 0],
};
const DOCUMENT = {
  ...{ server: 'tsuwsgi', boot_id: 'b', time: 110, held_s: 10 },
  limits: { reload_on_rss: 900, reload_on_pss: 800, memory_budget: 2000, cgroup: null },
  workers: [WORKER],
};

test('a history is read, its points in the order of time', () => {
  const read = readHistory(DOCUMENT);
  assert.ok(read.ok);
  const [worker] = read.value.workers;
  assert.deepEqual(worker?.points, [
    { t: 100, rss: 40, pss: 30, uss: 25, heap: 10, external: null, requests: 0 },
    { t: 105, rss: 50, pss: null, uss: null, heap: 20, external: 5, requests: 7 },
  ]);
  assert.deepEqual([worker.heapLimit, worker.replaced?.pid], [4000, 9]);
  const limits = { reloadOnRss: 900, reloadOnPss: 800, budget: 2000 };
  assert.deepEqual(read.value.limits, { ...NO_LIMITS, ...limits });
});

test('a master that keeps no USS and tells of fewer limits is read as well', () => {
  const worker = { ...WORKER, uss: undefined };
  const read = readHistory({ ...DOCUMENT, limits: { reload_on_rss: 900 }, workers: [worker] });
  assert.ok(read.ok);
  assert.deepEqual(read.value.limits, { ...NO_LIMITS, reloadOnRss: 900 });
  assert.deepEqual(
    read.value.workers[0]?.points.map(({ pss, uss }) => [pss, uss]),
    [
      [30, null],
      [null, null],
    ],
  );
});

const WRONG: readonly (readonly [string, unknown])[] = [
  ['a stats document', { version: '2.0', workers: [] }],
  ['no list of workers', { ...DOCUMENT, workers: {} }],
  ['no time', { ...DOCUMENT, time: 'soon' }],
  ['columns of different lengths', { ...DOCUMENT, workers: [{ ...WORKER, heap: [1] }] }],
  ['a column that is no list', { ...DOCUMENT, workers: [{ ...WORKER, rss: 'abc' }] }],
  ['a worker without a process', { ...DOCUMENT, workers: [{ ...WORKER, pid: 0 }] }],
];

for (const [what, document] of WRONG) {
  test(`${what} is refused in a sentence`, () => {
    const read = readHistory(document);
    assert.ok(!read.ok);
    assert.match(read.error, /^is (no|a) memory history/);
  });
}

test('whatever a server sends, reading does not throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      readHistory(one);
      readHistory({ ...DOCUMENT, workers: [one, other] });
      readHistory({ ...DOCUMENT, workers: [{ ...WORKER, t: one, replaced: other }] });
    }),
  );
});
