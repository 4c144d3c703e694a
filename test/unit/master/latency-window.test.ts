import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createLatencyWindow } from '../../../server/master/decide/latency-window.js';
import { bucketOf, type Buckets, merge, middle, quantile } from '../../../shared/histogram.js';

const MINUTE = 60_000;

function times(...millis: readonly number[]): Buckets {
  return merge(
    millis.map((ms): [number, number] => [bucketOf(ms * 1000), 1]),
    [],
  );
}

describe('the latency of the last minute', () => {
  test('knows of nothing before a request has ended', () => {
    const window = createLatencyWindow();
    window.look(1, [], 0);
    const nothing = { seconds: 60, count: 0, p50_us: null, p95_us: null, p99_us: null };
    assert.deepEqual(window.recent(1), nothing);
    assert.deepEqual(window.recent(7), nothing);
    assert.deepEqual(window.all(), nothing);
  });

  test('has the quantiles of a worker, and those of all', () => {
    const window = createLatencyWindow();
    const fast = Array.from({ length: 98 }, () => 1);
    window.look(1, times(...fast, 50, 900), 0);
    window.look(2, times(10), 0);
    assert.equal(window.all().count, 101);
    const { count, p50_us: p50, p95_us: p95, p99_us: p99 } = window.recent(1);
    const [one, fifty] = [1, 50].map((ms) => middle(bucketOf(ms * 1000)));
    assert.deepEqual([count, p50, p95, p99], [100, one, one, fifty]);
    assert.equal(window.recent(2).p50_us, middle(bucketOf(10_000)));
    assert.equal(window.all().count, 101);
  });

  test('forgets what is older than a minute, and no earlier than after 55 seconds', () => {
    const window = createLatencyWindow();
    window.look(1, times(5), 12_345);
    window.look(1, times(5, 700), 12_345 + 30_000);
    window.look(1, times(5, 700), 12_345 + 55_000 - 2345);
    assert.equal(window.recent(1).count, 2);
    window.look(1, times(5, 700), 12_345 + MINUTE);
    assert.equal(window.recent(1).count, 1);
    assert.equal(window.recent(1).p50_us, middle(bucketOf(700_000)));
    window.look(1, times(5, 700), 12_345 + 10 * MINUTE);
    assert.equal(window.recent(1).count, 0);
    assert.equal(window.all().count, 0);
  });

  test('is that of the requests that came within the minute, whatever came before', () => {
    const act = fc.record({
      wait: fc.nat(20_000),
      bucket: fc.nat(123),
      requests: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const window = createLatencyWindow();
        const came: { at: number; bucket: number; requests: number }[] = [];
        let all: Buckets = [];
        let now = 0;
        for (const { wait, bucket, requests } of acts) {
          now += wait;
          came.push({ at: now, bucket, requests });
          all = merge(all, [[bucket, requests]]);
          window.look(1, all, now);
        }
        const begin = (Math.floor(now / 5000) - 11) * 5000;
        const recent = came.filter(({ at }) => at >= begin);
        const expected = recent.reduce<Buckets>(
          (sum, { bucket, requests }) => merge(sum, [[bucket, requests]]),
          [],
        );
        const { p50_us, p95_us, p99_us } = window.recent(1);
        assert.deepEqual(
          [p50_us, p95_us, p99_us],
          [0.5, 0.95, 0.99].map((share) => quantile(expected, share)),
        );
      }),
    );
  });
});
