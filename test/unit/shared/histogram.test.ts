import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  BUCKETS,
  bucketOf,
  Growth,
  lowerBound,
  merge,
  middle,
  quantile,
  since,
  total,
  type Buckets,
} from '../../../shared/histogram.js';

/** Microseconds spread over all magnitudes. */
const time = fc.double({ min: 0, max: 32, noNaN: true }).map((log) => Math.floor(2 ** log) - 1);

function histogramOf(times: readonly number[]): [number, number][] {
  return times.reduce<[number, number][]>((sum, each) => merge(sum, [[bucketOf(each), 1]]), []);
}

const histogram = fc.array(time, { maxLength: 30 }).map(histogramOf);

describe('buckets', () => {
  test('follow each other without gap or overlap', () => {
    for (let bucket = 0; bucket < BUCKETS - 1; bucket++) {
      assert.ok(lowerBound(bucket) < lowerBound(bucket + 1), `bucket ${bucket}`);
      assert.equal(bucketOf(lowerBound(bucket)), bucket);
      assert.equal(bucketOf(lowerBound(bucket + 1) - 1), bucket);
    }
  });

  test('take every number, and nonsense into the first or the last', () => {
    const cases: readonly (readonly [number, number])[] = [
      [-1, 0],
      [0, 0],
      [0.9, 0],
      [3.9, 3],
      [4, 4],
      [4_294_967_295, BUCKETS - 1],
      [4_294_967_296, BUCKETS - 1],
      [Infinity, BUCKETS - 1],
    ];
    for (const [micros, bucket] of cases) assert.equal(bucketOf(micros), bucket, `${micros}`);
    assert.equal(bucketOf(NaN), 0);
  });

  test('have a middle at most an eighth away from every time in them', () => {
    fc.assert(
      fc.property(time, (micros) => {
        const error = Math.abs(middle(bucketOf(micros)) - micros);
        assert.ok(error <= micros / 8, `${micros} is ${error} off`);
      }),
    );
  });
});

describe('histograms', () => {
  test('merge in any order to the same', () => {
    fc.assert(
      fc.property(histogram, histogram, histogram, (a, b, c) => {
        assert.deepEqual(merge(a, b), merge(b, a));
        assert.deepEqual(merge(merge(a, b), c), merge(a, merge(b, c)));
        assert.equal(total(merge(a, b)), total(a) + total(b));
      }),
    );
  });

  test('since is what was added', () => {
    fc.assert(
      fc.property(histogram, histogram, (before, added) => {
        assert.deepEqual(since(merge(before, added), before), added);
      }),
    );
  });

  test('since a counter was reset is unknown', () => {
    assert.equal(since([[5, 1]], [[5, 2]]), null);
    assert.equal(since([], [[7, 1]]), null);
  });

  test('a quantile is at most an eighth away from the true one', () => {
    fc.assert(
      fc.property(
        fc.array(time, { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (times, q) => {
          const sorted = [...times].sort((a, b) => a - b);
          const exact = sorted[Math.max(1, Math.ceil(sorted.length * q)) - 1]!;
          const read = quantile(histogramOf(times), q)!;
          assert.ok(Math.abs(read - exact) <= exact / 8, `${read} for ${exact}`);
        },
      ),
    );
  });

  test('a quantile of nothing is null', () => {
    const none: Buckets = [];
    assert.equal(quantile(none, 0.5), null);
  });

  test('the growth of many is the sum of what each grew by', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(histogram, histogram), { maxLength: 6 }), (workers) => {
        const growth = new Growth();
        for (const [before, added] of workers) {
          assert.equal(growth.add(merge(before, added), before, 0.99), quantile(added, 0.99));
        }
        const all = workers.reduce<Buckets>((sum, [, added]) => merge(sum, added), []);
        for (const q of [0, 0.5, 0.95, 1]) assert.equal(growth.quantile(q), quantile(all, q));
      }),
    );
  });

  test('a growth that was kept adds what was found, whatever was compared since', () => {
    fc.assert(
      fc.property(histogram, histogram, histogram, (before, added, other) => {
        const growth = new Growth();
        const grown = growth.grownBetween(merge(before, added), before);
        growth.grownBetween(other, []);
        assert.equal(grown && growth.addGrown(grown, 0.99), quantile(added, 0.99));
        for (const q of [0, 0.5, 1]) assert.equal(growth.quantile(q), quantile(added, q));
      }),
    );
    assert.equal(new Growth().grownBetween([[5, 1]], [[5, 2]]), null);
  });

  test('of a counter that was reset nothing is added to a growth', () => {
    const growth = new Growth();
    const later: Buckets = [
      [5, 1],
      [7, 9],
    ];
    assert.equal(growth.add(later, [[5, 2]], 0.5), null);
    assert.equal(growth.add([], [[7, 1]], 0.5), null);
    assert.equal(growth.quantile(0.5), null);
  });
});
