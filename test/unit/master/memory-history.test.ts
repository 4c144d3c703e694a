import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryBook, type NotedProcess } from '../../../server/master/memory-history.js';
import { createPointRing } from '../../../server/master/point-ring.js';

const WALL = 1_000_000;
const wallMs = (monotonic: number): number => WALL + monotonic;

function process(worker: number, pid: number, rss: number, more: Partial<NotedProcess> = {}) {
  const unknown = {
    pss: null,
    uss: null,
    heap: null,
    external: null,
    requests: null,
    heapLimit: null,
  };
  return { ...unknown, worker, pid, rss, spawnedAt: pid, ...more };
}

test('a point is kept each five seconds, however often is measured', () => {
  const book = createMemoryBook();
  for (let now = 0; now <= 20_000; now += 1000) book.note(now, () => [process(1, 10, now)]);
  const [worker] = book.workers(20_000, wallMs);
  assert.deepEqual(worker?.rss, [0, 5000, 10_000, 15_000, 20_000]);
  assert.deepEqual(worker.t, [1000, 1005, 1010, 1015, 1020]);
  assert.equal(book.heldS(20_000), 20);
});

test('between two points nobody is asked for anything', () => {
  const book = createMemoryBook();
  book.note(0, () => []);
  book.note(1000, () => assert.fail('it was not time'));
});

test('a new process begins a new series, and knows what the one before had', () => {
  const book = createMemoryBook();
  book.note(0, () => [process(1, 10, 500), process(2, 11, 70)]);
  book.note(5000, () => [process(1, 12, 80), process(2, 11, 71)]);
  const [one, two] = book.workers(5000, wallMs);
  assert.deepEqual([one?.pid, one?.rss], [12, [80]]);
  assert.deepEqual(one?.replaced, { pid: 10, rss: 500, at: 1000 });
  assert.deepEqual([two?.rss, two?.replaced], [[70, 71], null]);
});

test('what is older than an hour is not served, and a document of many workers is bounded', () => {
  const book = createMemoryBook();
  const all = Array.from({ length: 300 }, (_, index) => process(index + 1, index + 1, 1));
  for (let now = 0; now <= 7_200_000; now += 5000) book.note(now, () => all);
  const workers = book.workers(7_200_000, wallMs);
  assert.equal(book.heldS(7_200_000), 3600);
  const [first] = workers;
  assert.ok((first?.t[0] ?? 0) >= 1000 + 3600);
  assert.equal(first?.t.at(-1), 1000 + 7200, 'the newest is always there');
  assert.ok(workers.reduce((sum, { t }) => sum + t.length, 0) <= 60_000);
});

test('a ring of points gives back what it was given, the last hour of it', () => {
  const ring = createPointRing();
  const point = (t: number) => ({
    ...{ t, rss: t + 1, pss: t + 2, uss: null, heap: t + 3, external: null, requests: 0 },
  });
  for (let t = 1; t <= 1000; t++) {
    ring.add(point(t));
    const known = ring.since(-Infinity);
    assert.equal(known.length, Math.min(t, 720));
    assert.deepEqual(known.at(-1), point(t));
    assert.deepEqual(known[0], point(Math.max(1, t - 719)));
  }
  assert.equal(ring.since(990).length, 11);
});
