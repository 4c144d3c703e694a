import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createRegistry } from '../../../server/master/decide/registry.js';
import type { Totals } from '../../../server/master/decide/totals.js';
import type { Sample } from '../../../server/wire/sample-frames.js';
import { total } from '../../../shared/histogram.js';
import { sampleWith } from '../../support/sample-builder.js';

const KEYS = ['requests', 'exceptions', 'aborted', 'tx', 'runningTime', 'lost'] as const;

function assertNotLess(before: Totals, after: Totals): void {
  for (const key of KEYS) {
    assert.ok(after[key] >= before[key], `${key}: ${after[key]} after ${before[key]}`);
  }
  for (const [bucket, count] of before.buckets) {
    const later = after.buckets.find(([index]) => index === bucket)?.[1] ?? 0;
    assert.ok(later >= count, `bucket ${bucket}: ${later} after ${count}`);
  }
}

describe('the books of the workers', () => {
  test('keep what a dead process counted', () => {
    const registry = createRegistry();
    registry.fold(1, 100, sampleWith({ requests: 7, tx: 700 }));
    registry.retire(1, 100);
    assert.equal(registry.sample(100), undefined);
    registry.fold(1, 101, sampleWith({ requests: 2, tx: 200 }));
    registry.fold(2, 102, sampleWith({ requests: 5 }));
    assert.equal(registry.totals(1).requests, 9);
    assert.equal(registry.totals(1).tx, 900);
    assert.equal(registry.totals(2).requests, 5);
    assert.equal(registry.requests(), 14);
  });

  test('take what a dead process left behind, if it is more than was told', () => {
    const registry = createRegistry();
    registry.fold(1, 100, sampleWith({ requests: 7, inFlight: 2, tx: 700 }));
    registry.retire(1, 100, sampleWith({ requests: 9, inFlight: 1, tx: 900 }));
    assert.equal(registry.totals(1).requests, 9);
    assert.equal(registry.totals(1).lost, 1);
    assert.equal(registry.totals(1).tx, 900);
  });

  test('take of a sample and a tally the one that was taken later', () => {
    const registry = createRegistry();
    registry.fold(1, 100, sampleWith({ requests: 7, inFlight: 3 }));
    registry.retire(1, 100, sampleWith({ requests: 7, inFlight: 0 }));
    assert.deepEqual([registry.totals(1).requests, registry.totals(1).lost], [7, 3]);
    registry.fold(4, 103, sampleWith({ requests: 7, inFlight: 0 }));
    registry.retire(4, 103, sampleWith({ requests: 7, inFlight: 1 }));
    assert.equal(registry.totals(4).lost, 1, 'it began after the sample');
    registry.fold(3, 102, sampleWith({ requests: 7, tx: 700 }));
    registry.retire(3, 102, sampleWith({ requests: 8, tx: 600 }));
    assert.equal(registry.totals(3).requests, 7);
    registry.retire(2, 101, sampleWith({ requests: 4 }));
    assert.equal(registry.totals(2).requests, 4, 'it died before its first sample');
  });

  test('keep what ended in each core, also when the next process has used fewer of them', () => {
    const registry = createRegistry();
    assert.deepEqual(registry.cores(1), []);
    registry.fold(1, 100, sampleWith({ requests: 7, cores: [4, 2, 1] }));
    registry.retire(1, 100);
    assert.deepEqual(registry.cores(1), [4, 2, 1]);
    registry.fold(1, 101, sampleWith({ requests: 2, cores: [2] }));
    registry.fold(2, 102, sampleWith({ requests: 1, cores: [1] }));
    assert.deepEqual(registry.cores(1), [6, 2, 1]);
  });

  test('count an old and a new process of one worker together while the old one drains', () => {
    const registry = createRegistry();
    registry.fold(1, 100, sampleWith({ requests: 7, buckets: [[3, 7]] }));
    registry.fold(1, 101, sampleWith({ requests: 1, buckets: [[3, 1]] }));
    assert.equal(registry.totals(1).requests, 8);
    assert.deepEqual(registry.totals(1).buckets, [[3, 8]]);
  });

  test('tell how many requests were inside a process when it died', () => {
    const registry = createRegistry();
    registry.fold(1, 100, sampleWith({ requests: 7, inFlight: 3, queued: 2 }));
    assert.equal(registry.totals(1).lost, 0, 'they may still be answered');
    registry.retire(1, 100);
    registry.fold(1, 101, sampleWith({ requests: 1, inFlight: 1 }));
    registry.retire(1, 101);
    assert.equal(registry.totals(1).lost, 6);
    assert.equal(registry.totals(1).requests, 8, 'and they are no answered ones');
  });

  test('ignore a sample that is older than the one they have, in whatever it is less', () => {
    const registry = createRegistry();
    const latest = sampleWith({ requests: 3, tx: 300, exceptions: 2, buckets: [[1, 3]] });
    registry.fold(1, 100, latest);
    registry.fold(1, 100, sampleWith({ requests: 2, tx: 900 }));
    registry.fold(1, 100, sampleWith({ requests: 3, tx: 200, exceptions: 2, buckets: [[1, 3]] }));
    registry.fold(1, 100, sampleWith({ requests: 3, tx: 300, exceptions: 1, buckets: [[1, 3]] }));
    registry.fold(1, 100, sampleWith({ requests: 3, tx: 300, exceptions: 2, buckets: [[2, 3]] }));
    assert.equal(registry.sample(100), latest);
  });

  test('read a sample when somebody asks for it, and of several only the last two', () => {
    const registry = createRegistry();
    const read: number[] = [];
    const told = (requests: number): void => {
      registry.defer(1, 100, () => {
        read.push(requests);
        return sampleWith({ requests });
      });
    };
    for (const requests of [1, 2, 3, 4]) told(requests);
    assert.deepEqual(read, []);
    assert.equal(registry.requests(), 4);
    assert.deepEqual(read, [4, 3]);
    assert.equal(registry.totals(1).requests, 4);
    assert.deepEqual(read, [4, 3], 'once');
    for (const requests of [5, 7, 6]) told(requests);
    registry.retire(1, 100);
    assert.equal(registry.totals(1).requests, 7, 'the last two came in the wrong order');
  });

  test('fall back on the last sample that can be read, and know no process without one', () => {
    const registry = createRegistry();
    registry.defer(1, 100, () => null);
    assert.equal(registry.sample(100), undefined);
    registry.defer(1, 100, () => sampleWith({ requests: 5 }));
    for (let line = 0; line < 5; line++) registry.defer(1, 100, () => null);
    assert.equal(registry.sample(100)?.requests, 5);
    registry.defer(2, 200, () => null);
    registry.retire(2, 200);
    assert.equal(registry.requests(), 5);
  });

  test('do not heap up samples that nobody asks for', () => {
    const registry = createRegistry();
    let reads = 0;
    for (let line = 0; line < 100; line++) {
      registry.defer(1, 100, () => {
        reads++;
        return sampleWith({ requests: line });
      });
    }
    assert.ok(reads > 0 && reads < 50, `${reads} of 100 were read`);
    assert.equal(registry.requests(), 99);
  });

  test('never go back, under any order of samples, exits and respawns', () => {
    const amount = fc.nat(50);
    const sample: fc.Arbitrary<Sample> = fc
      .record({
        requests: amount,
        exceptions: amount,
        aborted: amount,
        tx: amount,
        runningTime: amount,
        buckets: fc.uniqueArray(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 9 })), {
          selector: ([bucket]) => bucket,
        }),
      })
      .map(sampleWith);
    const happening = fc.oneof(
      fc.record({ worker: fc.nat(2), process: fc.nat(1), sample }),
      fc.record({ worker: fc.nat(2), process: fc.nat(1), sample: fc.constant(null) }),
    );
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const registry = createRegistry();
        for (const { worker, process, sample: given } of happenings) {
          const before = [0, 1, 2].map((id) => registry.totals(id));
          const pid = worker * 10 + process;
          if (given === null) registry.retire(worker, pid);
          else registry.fold(worker, pid, given);
          before.forEach((totals, id) => {
            assertNotLess(totals, registry.totals(id));
          });
        }
        const sum = [0, 1, 2].reduce((all, id) => all + registry.totals(id).requests, 0);
        assert.equal(registry.requests(), sum);
      }),
    );
  });

  test('add latencies up bucket by bucket', () => {
    const registry = createRegistry();
    registry.fold(
      1,
      100,
      sampleWith({
        requests: 2,
        buckets: [
          [5, 1],
          [9, 1],
        ],
      }),
    );
    registry.retire(1, 100);
    registry.fold(
      1,
      101,
      sampleWith({
        requests: 3,
        buckets: [
          [2, 1],
          [9, 2],
        ],
      }),
    );
    const { buckets } = registry.totals(1);
    assert.deepEqual(buckets, [
      [2, 1],
      [5, 1],
      [9, 3],
    ]);
    assert.equal(total(buckets), 5);
  });
});
