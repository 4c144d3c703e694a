import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import type { DecodedInstance } from '../../../shared/stats.js';
import { perSecond, ratesBetween, ratesOf, sameBoot } from '../../../top/model/rates.js';
import { eventually } from '../../support/eventually.js';
import { instance, latencyOf, router, worker } from '../../support/stats-builder.js';
import { uwsgiInstance, uwsgiWorker } from '../../support/uwsgi-documents.js';

const sample = (at: number, document: DecodedInstance) => ({ at, instance: document });

function rates(before: DecodedInstance, after: DecodedInstance, ms = 1000) {
  const earlier = sample(0, before);
  return ratesBetween(sample(ms, after), earlier, earlier);
}

test('a counter that grew gives its growth per second', () => {
  assert.equal(perSecond(300, 100, 2000), 100);
  assert.equal(perSecond(100, 100, 2000), 0);
});

test('a counter gives no rate when it is absent, went back, or too little time passed', () => {
  assert.equal(perSecond(undefined, 100, 1000), null);
  assert.equal(perSecond(100, undefined, 1000), null);
  assert.equal(perSecond(99, 100, 1000), null);
  assert.equal(perSecond(300, 0, 1), null);
  assert.equal(perSecond(300, 0, 0), null);
  assert.equal(perSecond(300, 0, -1000), null);
  assert.equal(perSecond(300, 0, Number.NaN), null);
});

test('no rate is ever negative or not a number, whatever the counters', () => {
  fc.assert(
    fc.property(fc.double(), fc.double(), fc.double(), (later, earlier, elapsed) => {
      const rate = perSecond(later, earlier, elapsed);
      assert.ok(rate === null || (rate >= 0 && Number.isFinite(rate)));
    }),
  );
});

test('workers and their sum have a rate between two documents of one boot', () => {
  const before = instance([worker(1, { requests: 10 }), worker(2, { requests: 20 })]);
  const after = instance([worker(1, { requests: 30 }), worker(2, { requests: 20 })]);
  const found = rates(before, after, 2000);
  assert.equal(found.rps, 10);
  assert.equal(ratesOf(found, 1).rps, 10);
  assert.equal(ratesOf(found, 2).rps, 0);
});

test('another boot id or another master pid gives no rate at all', () => {
  const before = instance([worker(1, { requests: 10 })]);
  const after = instance([worker(1, { requests: 30 })], { boot_id: 'boot-2' });
  assert.equal(rates(before, after).rps, null);
  assert.equal(rates(before, after).workers.size, 0);
  assert.equal(sameBoot(uwsgiInstance(), uwsgiInstance({ pid: 1 })), false);
  assert.equal(sameBoot(uwsgiInstance(), uwsgiInstance()), true);
});

test('a respawned worker has no rate of its own; the total goes on under a boot id', () => {
  const before = instance([worker(1, { requests: 10 })]);
  for (const change of [{ pid: 99 }, { last_spawn: 5 }]) {
    const found = rates(before, instance([worker(1, { requests: 30, ...change })]));
    assert.equal(ratesOf(found, 1).rps, null);
    assert.equal(found.rps, 20);
  }
});

test('without a boot id a respawn leaves the total unknown: it may have been a reload', () => {
  const before = uwsgiInstance({ workers: [uwsgiWorker(1, { requests: 3 })] });
  const after = uwsgiInstance({ workers: [uwsgiWorker(1, { requests: 5, pid: 77 })] });
  assert.equal(rates(before, after).rps, null);
});

test('a uWSGI reload, which starts every counter again under the same master, gives no rate', () => {
  const before = uwsgiInstance({ workers: [uwsgiWorker(1, { requests: 40_000 })] });
  const after = uwsgiInstance({ workers: [uwsgiWorker(1, { requests: 5 })] });
  assert.equal(rates(before, after).rps, null);
  assert.equal(ratesOf(rates(before, after), 1).rps, null);
});

test('a worker that appears with a count leaves the total unknown, an unused one does not', () => {
  const before = instance([worker(1, { requests: 10 })]);
  const fresh = instance([worker(1, { requests: 20 }), worker(2, { requests: 0 })]);
  const used = instance([worker(1, { requests: 20 }), worker(2, { requests: 7 })]);
  assert.equal(rates(before, fresh).rps, 10);
  assert.equal(rates(before, used).rps, null);
});

test('the never spawned workers of a uWSGI, all with id 0, share no rate', () => {
  assert.equal(rates(uwsgiInstance(), uwsgiInstance()).workers.has(0), false);
  assert.equal(rates(uwsgiInstance(), uwsgiInstance()).rps, 0);
});

test('percentiles are those of the requests since the window began', () => {
  const slow = latencyOf(...Array.from({ length: 100 }, () => 900));
  const buckets = [...slow.buckets, ...latencyOf(1).buckets].sort(([a], [b]) => a - b);
  const before = instance([worker(1, { latency: slow })]);
  const after = instance([worker(1, { latency: { count: 101, sum_us: 0, buckets } })]);
  const found = rates(before, after);
  for (const value of [found.p50, found.p95, found.p99, ratesOf(found, 1).p99]) {
    assert.ok(value !== null && Math.abs(value - 1000) <= 125, String(value));
  }
});

test('percentiles are unknown without requests, without histograms and after a reset', () => {
  const idle = instance([worker(1, { latency: latencyOf(5) })]);
  assert.equal(rates(idle, idle).p95, null);
  assert.equal(rates(uwsgiInstance(), uwsgiInstance()).p95, null);
  const fewer = instance([worker(1, { latency: latencyOf() })]);
  assert.equal(ratesOf(rates(idle, fewer), 1).p99, null);
});

test('where routers are alone the rates are theirs, and where nothing counts there are none', () => {
  const routed = (requests: number) => instance([], { routers: [router(1, { requests, tx: 0 })] });
  assert.deepEqual([rates(routed(100), routed(140)).rps, rates(routed(9), routed(9)).tx], [40, 0]);
  assert.equal(rates(instance([]), instance([])).rps, null);
  const beside = (requests: number) =>
    instance([worker(1)], { routers: [router(1, { requests })] });
  assert.equal(rates(beside(100), beside(140)).rps, 0);
});

test('of the documents before nothing is kept but the two that are compared', async () => {
  const documents = (count: number): DecodedInstance[] =>
    Array.from({ length: count }, (_, second) =>
      instance(
        [1, 2, 3].map((id) =>
          worker(id, { latency: latencyOf(...Array.from({ length: second + 1 }, () => id)) }),
        ),
      ),
    );
  const { newest, forgotten } = (() => {
    const told = documents(30);
    for (const [second, now] of told.entries()) {
      const [first = now, before = now] = [told[second - 3], told[second - 1]];
      // Twice, as with a worker that rests: what it grew by is kept then.
      for (const at of [second, second + 0.5]) {
        const old = at === second ? before : now;
        ratesBetween(sample(1000 * at + 1000, now), sample(1000 * at, old), sample(0, first));
      }
    }
    const buckets = told.slice(0, 20).flatMap(({ workers }) => {
      return workers.flatMap(({ latency }) => (latency ? [new WeakRef(latency.buckets)] : []));
    });
    return { newest: told.at(-1), forgotten: buckets };
  })();
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  await eventually('all of them to be let go of', () => {
    collect();
    return forgotten.every((each) => each.deref() === undefined);
  });
  assert.equal(forgotten.length, 60);
  assert.equal(newest?.workers.length, 3, 'which is what would keep them');
});
