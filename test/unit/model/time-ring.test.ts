import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Shown } from '../../../top/model/shown.js';
import { EMPTY_HISTORY, newestPoint } from '../../../top/model/series.js';
import {
  documentsOf,
  EMPTY_RING,
  kept,
  momentsOf,
  REACH_MS,
  ringBytes,
  type TimeRing,
} from '../../../top/model/time-ring.js';
import { anyDocument } from '../../support/arbitraries.js';
import { busyShop } from '../../support/dashboard.js';
import { plainJson } from '../../support/plain-json.js';
import { instance, worker } from '../../support/stats-builder.js';

const POINT = newestPoint(EMPTY_HISTORY);

const shop = (at: number): Shown => ({
  document: { kind: 'instance', instance: busyShop(at / 1000), damaged: false },
  transport: 'live',
  at,
});

const filled = (documents: readonly Shown[]): TimeRing =>
  documents.reduce((ring, shown) => kept(ring, shown, POINT), EMPTY_RING);

const every = (ms: number, until: number): number[] =>
  Array.from({ length: Math.floor(until / ms) + 1 }, (_, index) => index * ms);

test('every second of some minutes can be had back, as it came', () => {
  const documents = every(1000, 150_000).map(shop);
  const moments = momentsOf(filled(documents));
  assert.deepEqual(
    moments.map(({ at }) => at),
    documents.map(({ at }) => at),
  );
  assert.deepEqual(documentsOf(moments), documents);
  assert.deepEqual(documentsOf(moments.slice(58, 63)), documents.slice(58, 63));
});

test('of documents that come faster one a second is kept', () => {
  const moments = momentsOf(filled(every(100, 5000).map(shop)));
  assert.ok(moments.length >= 5 && moments.length <= 7, `${moments.length} moments`);
});

test('what is older than an hour is forgotten, a minute at a time', () => {
  const small = (at: number): Shown => ({
    document: { kind: 'instance', instance: { workers: [worker(1)] }, damaged: false },
    transport: 'live',
    at,
  });
  const last = 2 * REACH_MS;
  const [oldest] = momentsOf(filled(every(1000, last).map(small)));
  const back = last - (oldest?.at ?? 0);
  assert.ok(back >= REACH_MS && back <= REACH_MS + 120_000, `${back} ms`);
});

test('a thousand workers that all count are there second by second for minutes', () => {
  const large = (second: number): Shown => {
    const workers = Array.from({ length: 1000 }, (_, index) =>
      worker(index + 1, { requests: second * 97 + index, tx: second * 5000 * index }),
    );
    const document = { kind: 'instance', instance: instance(workers), damaged: false } as const;
    return { document, transport: 'live', at: second * 1000 };
  };
  const ring = filled(Array.from({ length: 180 }, (_, second) => large(second)));
  assert.ok(ringBytes(ring) <= 10 * 1024 * 1024, `${ringBytes(ring)} bytes`);
  const moments = momentsOf(ring);
  assert.equal(moments.length, 180);
  assert.deepEqual(documentsOf(moments.slice(-1)), [large(179)]);
  assert.deepEqual(documentsOf(moments.slice(10, 11)), [large(10)]);
});

test('what cannot be made small takes no more memory: what is older stands further apart', () => {
  let seed = 1;
  const noise = (): string =>
    Array.from({ length: 25_000 }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return (seed % 0x10000).toString(16).padStart(4, '0');
    }).join('');
  const loud = (second: number): Shown => {
    const document = {
      kind: 'instance',
      instance: { ...instance([worker(1)]), cwd: noise() },
      damaged: false,
    } as const;
    return { document, transport: 'live', at: second * 1000 };
  };
  const newest = loud(400);
  const ring = filled([...Array.from({ length: 400 }, (_, second) => loud(second)), newest]);
  assert.ok(ringBytes(ring) <= 24 * 1024 * 1024, `${ringBytes(ring)} bytes`);
  const moments = momentsOf(ring);
  const apart = moments.slice(1).map(({ at }, index) => at - (moments[index]?.at ?? at));
  assert.ok(apart.at(-1) === 1000 && (apart[0] ?? 0) >= 5000, apart.join(' '));
  assert.deepEqual(documentsOf(moments.slice(-1)), [newest]);
});

test('whatever comes, what is had back is what came, in its order', () => {
  const anyShown = fc.record({
    document: anyDocument,
    transport: fc.constantFrom('raw' as const, 'live' as const),
    at: fc.nat(20_000),
  });
  fc.assert(
    fc.property(fc.array(anyShown, { maxLength: 12 }), fc.boolean(), (given, isOrdered) => {
      const came = isOrdered ? [...given].sort((a, b) => a.at - b.at) : given;
      const moments = momentsOf(filled(came));
      const back = documentsOf(moments);
      const written = came.map((shown) => plainJson(shown));
      for (const shown of back) assert.ok(written.includes(plainJson(shown)));
      const times = moments.map(({ at }) => at);
      assert.deepEqual(
        times,
        [...times].sort((a, b) => a - b),
      );
      assert.deepEqual(
        back.map(({ at }) => at),
        times,
      );
    }),
    { numRuns: 200 },
  );
});
