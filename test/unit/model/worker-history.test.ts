import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY_HISTORY, type History, withDocument, withGap } from '../../../top/model/series.js';
import { RECENT, workerSeries, workerSizes } from '../../../top/model/worker-history.js';
import { instance, worker } from '../../support/stats-builder.js';
import { uwsgiInstance } from '../../support/uwsgi-documents.js';

const MB = 1024 * 1024;

function fed(seconds: number, step: number, rss: (second: number) => number): History {
  let history = EMPTY_HISTORY;
  for (let second = 0; second <= seconds; second += step) {
    const workers = [1, 2].map((id) =>
      worker(id, { rss: id * rss(second), requests: second * id }),
    );
    history = withDocument(history, second * 1000 + 1, instance(workers));
  }
  return history;
}

const series = (history: History, id: number, figure: Parameters<typeof workerSeries>[2]) =>
  workerSeries(history.byWorker, id, figure, history.times.length);

test('each figure of a worker is as long as the times of the charts, with gaps for what is not known', () => {
  const history = withGap(
    fed(3, 1, () => 8 * MB),
    4001,
  );
  assert.deepEqual(series(history, 2, 'rss'), [16 * MB, 16 * MB, 16 * MB, 16 * MB, null]);
  assert.deepEqual(series(history, 2, 'rps'), [null, 2, 2, 2, null]);
  assert.deepEqual(series(history, 2, 'pss'), [null, null, null, null, null]);
  assert.deepEqual(series(history, 7, 'rss'), [null, null, null, null, null]);
});

test('a worker that joins has gaps before, and one that left after', () => {
  const before = withDocument(EMPTY_HISTORY, 1, instance([worker(1), worker(2)]));
  const after = withDocument(before, 1001, instance([worker(2), worker(3)]));
  assert.deepEqual(series(after, 1, 'rss'), [111 * MB, null]);
  assert.deepEqual(series(after, 2, 'rss'), [112 * MB, 112 * MB]);
  assert.deepEqual(series(after, 3, 'rss'), [null, 113 * MB]);
});

test('the workers that a uWSGI never spawned, all of the id 0, are not mixed up with others', () => {
  const history = withDocument(EMPTY_HISTORY, 1, uwsgiInstance());
  assert.deepEqual(series(history, 0, 'rss'), [null]);
  assert.deepEqual(series(history, 1, 'rss'), [11_939_840]);
  assert.deepEqual(series(history, 2, 'rss'), [null], 'not measured is not zero');
});

test('what is remembered is bounded, and ends with the same documents as the times', () => {
  const history = fed(RECENT + 20, 1, (second) => (second + 1) * MB);
  assert.equal(history.byWorker.recent.length, RECENT);
  const rss = series(history, 1, 'rss');
  assert.equal(rss.length, history.times.length);
  assert.equal(rss[0], null);
  assert.equal(rss.at(-1), (RECENT + 21) * MB);
});

test('workers that stay the same share one table of rows', () => {
  const { recent } = fed(4, 1, () => MB).byWorker;
  assert.ok(recent.every((snapshot) => snapshot?.rows === recent[0]?.rows));
});

test('a size is told with the process it was of, and a moment without any has none', () => {
  const of = (second: number, change: Parameters<typeof worker>[1]) => (history: History) =>
    withDocument(history, second * 1000 + 1, instance([worker(1, change)]));
  const { byWorker } = [
    of(0, { pid: 4_194_304, rss: 90 * MB }),
    of(5, { pid: 0, rss: 0 }),
    of(10, { pid: 77, rss: 0 }),
  ].reduce((history, taken) => taken(history), EMPTY_HISTORY);
  assert.deepEqual(workerSizes(byWorker, 1), [
    { at: 1, pid: 4_194_304, bytes: 90 * MB },
    { at: 5001, pid: 0, bytes: null },
    { at: 10_001, pid: 77, bytes: null },
  ]);
  assert.deepEqual(workerSizes(byWorker, 2)[0], { at: 1, pid: 0, bytes: null });
});

test('sizes are taken at most every five seconds, for half an hour', () => {
  assert.equal(fed(20, 1, () => MB).byWorker.sizes.length, 5);
  const long = fed(2400, 5, () => MB).byWorker.sizes;
  assert.equal(long.length, 360);
  assert.equal(long.at(-1)?.at, 2_400_001);
});
