import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  EMPTY_HISTORY,
  type History,
  WINDOW_MS,
  withDocument,
  withGap,
} from '../../../top/model/series.js';
import { workerSeries } from '../../../top/model/worker-history.js';
import { totalRss, totalWaiting } from '../../../top/model/totals.js';
import { instance, latencyOf, worker } from '../../support/stats-builder.js';
import { uwsgiInstance, uwsgiWorker } from '../../support/uwsgi-documents.js';

const at = (requests: number) => instance([worker(1, { requests, rss: 100 })]);

function fed(counts: readonly number[], step = 1000): History {
  return counts.reduce(
    (history, count, index) => withDocument(history, 1 + index * step, at(count)),
    EMPTY_HISTORY,
  );
}

test('the first document claims no rate', () => {
  const history = fed([685_717]);
  assert.equal(history.rates.rps, null);
  assert.deepEqual(history.rps, [null]);
  assert.deepEqual(history.rss, [100]);
});

test('every further document adds one value, also for each worker', () => {
  const history = fed([0, 10, 30, 30]);
  assert.deepEqual(history.rps, [null, 10, 20, 0]);
  assert.deepEqual(workerSeries(history.byWorker, 1, 'rps', 4), [null, 10, 20, 0]);
});

test('a document hard on the heels of another changes nothing, so no rate is exaggerated', () => {
  const history = fed([0, 10]);
  assert.equal(withDocument(history, 1002, at(900)), history);
  assert.equal(withDocument(history, 2001, at(20)).rates.rps, 10);
});

test('a clock that goes back gives no rate and starts anew', () => {
  const history = withDocument(fed([0, 10]), 5, at(20));
  assert.equal(history.rates.rps, null);
  assert.equal(withDocument(history, 1005, at(25)).rates.rps, 5);
});

test('a time without documents is a gap in every series', () => {
  const history = withGap(fed([0, 10]), 2001);
  assert.deepEqual(history.rps, [null, 10, null]);
  assert.deepEqual(workerSeries(history.byWorker, 1, 'rps', 3), [null, 10, null]);
  assert.deepEqual(history.waiting, [0, 0, null]);
  assert.deepEqual(history.times, [1, 1001, 2001]);
  assert.equal(history.rates.rps, null);
  assert.equal(withGap(EMPTY_HISTORY, 1), EMPTY_HISTORY);
});

test('after the gap the rate is the mean over it', () => {
  assert.equal(withDocument(withGap(fed([0, 10]), 2001), 11_001, at(110)).rates.rps, 10);
});

test('the latency window keeps about ten documents, however fast they come', () => {
  const history = fed(
    Array.from({ length: 300 }, (_, index) => index),
    100,
  );
  assert.ok(history.window.length <= 11, String(history.window.length));
  const [oldest] = history.window;
  assert.ok(oldest !== undefined && (history.base?.at ?? 0) - oldest.at <= WINDOW_MS);
});

test('series are bounded', () => {
  const history = fed(Array.from({ length: 1100 }, (_, index) => index));
  const { times, rps, rss, p50, p95, p99, waiting } = history;
  for (const series of [times, rps, rss, p50, p95, p99, waiting]) assert.equal(series.length, 1000);
  assert.equal(history.byWorker.recent.length, 300);
});

test('memory that no worker reports is unknown, not zero', () => {
  assert.equal(totalRss(uwsgiInstance({ workers: [uwsgiWorker(1, { rss: 0 })] })), null);
  assert.equal(totalRss({ workers: [] }), null);
});

test('the quantiles of every tick are kept, and unknown while nothing was served', () => {
  const served = (...times: readonly number[]) =>
    instance([worker(1, { latency: latencyOf(...times) })]);
  const first = withDocument(EMPTY_HISTORY, 1, served());
  const second = withDocument(first, 1001, served());
  const { p50, p95, p99 } = withDocument(second, 2001, served(4, 4, 4, 80));
  assert.deepEqual(
    [p50.slice(0, 2), p95.slice(0, 2)],
    [
      [null, null],
      [null, null],
    ],
  );
  assert.ok(Math.abs((p50[2] ?? 0) - 4000) <= 500, String(p50[2]));
  assert.ok(Math.abs((p95[2] ?? 0) - 80_000) <= 10_000, String(p95[2]));
  assert.equal(p99[2], p95[2]);
});

test('what waits is the accept queue and the queues of the workers together', () => {
  const queued = instance([worker(1, { queue_depth: 4 })], { listen_queue: 3 });
  assert.equal(totalWaiting(queued), 7);
  assert.equal(totalWaiting({ workers: [] }), null);
  assert.equal(totalWaiting({ workers: [], listen_queue: -1 }), null);
});

test('the times of a series never go back, though the clock does', () => {
  assert.deepEqual(withDocument(fed([0, 10]), 5, at(20)).times, [1, 1001, 1001]);
});
