import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BOUNDS_US, LATENCY_METRIC } from '../../../server/metrics/rows/latency.js';
import type { HistogramSample } from '../../../server/metrics/metric.js';
import { bucketOf, lowerBound } from '../../../shared/histogram.js';
import { instance, latencyOf, worker } from '../../support/stats-builder.js';

function histogram(...times: readonly (readonly number[])[]): HistogramSample {
  const workers = times.map((each, at) => worker(at + 1, { latency: latencyOf(...each) }));
  const [sample] = LATENCY_METRIC.read(instance(workers)) as readonly HistogramSample[];
  assert.ok(sample);
  return sample;
}

test('the bounds ascend, are bounds of our own buckets, and reach from 256 µs to 67 s', () => {
  assert.equal(BOUNDS_US[0], 256);
  assert.equal(BOUNDS_US.at(-1), 2 ** 26);
  BOUNDS_US.forEach((bound, at) => {
    assert.equal(lowerBound(bucketOf(bound)), bound);
    assert.ok(bound > (BOUNDS_US[at - 1] ?? 0));
  });
});

test('each bound counts exactly the requests that took less, over all workers', () => {
  const micros = fc.array(fc.integer({ min: 0, max: 100_000_000 }), { maxLength: 50 });
  fc.assert(
    fc.property(micros, micros, (one, two) => {
      const all = [...one, ...two];
      const sample = histogram(
        one.map((time) => time / 1000),
        two.map((time) => time / 1000),
      );
      for (const { le, count } of sample.buckets) {
        const bound = Math.round(le * 1e6);
        assert.equal(count, all.filter((time) => time < bound).length, `at ${bound} µs`);
      }
      assert.equal(sample.count, all.length);
    }),
  );
});

test('what took longer than the last bound is in the count and the sum alone', () => {
  const { buckets, count, sum } = histogram([100_000]);
  assert.equal(buckets.at(-1)?.count, 0);
  assert.equal(count, 1);
  assert.equal(sum, 100);
});

test('without workers there is an empty histogram', () => {
  const { buckets, count, sum } = histogram();
  assert.ok(buckets.every((bucket) => bucket.count === 0));
  assert.deepEqual([count, sum], [0, 0]);
});
