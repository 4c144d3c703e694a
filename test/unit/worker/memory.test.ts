import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { createCounters } from '../../../server/worker/counters.js';
import {
  allocateMemory,
  MAX_CORES,
  type Memory,
  readCore,
  TEXT,
  writeCore,
} from '../../../server/worker/memory.js';
import { takeSample } from '../../../server/worker/sample.js';
import { bucketOf, total } from '../../../shared/histogram.js';

const CLOCK = { now: () => 0, origin: 1_000_000 };
const WORK = { method: 'GET', url: '/' };
const PEER = '127.0.0.1';
const CLIENT = { peer: PEER, fd: -1 };
const TEXTS = { ...WORK, peer: PEER };

/** What `Counters.begin` does with a core: it is taken once its text is there. */
function occupy(memory: Memory, core: number, text: typeof TEXTS, at: number): void {
  memory.started[core] = 0;
  writeCore(memory, core, text, text.peer);
  memory.started[core] = at;
}

describe('the memory of a worker', () => {
  test('names every request that is in flight, and only those', () => {
    const act = fc.record({
      begins: fc.boolean(),
      which: fc.nat(),
      took: fc.nat(5000),
      tx: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 100 }), fc.constantFrom(0, 1, 3), (acts, cap) => {
        const memory = allocateMemory(cap === 0 ? MAX_CORES : cap);
        const counters = createCounters(memory, cap);
        const open: { core: number; at: number; uri: string }[] = [];
        let now = 1;
        let [ended, tx, micros, most] = [0, 0, 0, 0];
        const buckets = new Map<number, number>();
        acts.forEach(({ begins, which, took, tx: sent }, index) => {
          now += took;
          if (begins && (cap === 0 || open.length < cap)) {
            const uri = `/${index}`;
            open.push({ core: counters.begin({ ...WORK, url: uri }, CLIENT, now), at: now, uri });
            most = Math.max(most, open.length);
            return;
          }
          const [over] = open.splice(which % Math.max(1, open.length), 1);
          if (over === undefined) return;
          counters.end(over.core, over.at, now);
          counters.add('tx', sent);
          ended++;
          tx += sent;
          micros += (now - over.at) * 1000;
          const bucket = bucketOf((now - over.at) * 1000);
          buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
        });
        const sample = takeSample(memory, CLOCK);
        assert.equal(sample.requests, ended);
        assert.equal(sample.tx, tx);
        assert.equal(sample.inFlight, open.length);
        assert.equal(sample.runningTime, micros);
        assert.deepEqual(
          sample.buckets,
          [...buckets].sort(([a], [b]) => a - b),
        );
        assert.equal(sample.cores.length, Math.max(1, cap, most), 'as few cores as were needed');
        assert.equal(
          sample.cores.reduce((sum, served) => sum + served, 0),
          ended,
        );
        assert.deepEqual(
          sample.flights.map(({ core, started, uri }) => [core, started, uri]),
          open
            .map(({ core, at, uri }) => [core, Math.floor((1_000_000 + at) / 1000), uri])
            .sort(([a], [b]) => Number(a) - Number(b)),
        );
      }),
    );
  });

  test('counts requests beyond its places without naming them', () => {
    const memory = allocateMemory(1000);
    const counters = createCounters(memory, 0);
    const cores = Array.from({ length: 300 }, () => counters.begin(WORK, CLIENT, 1));
    const full = takeSample(memory, CLOCK);
    assert.equal(full.inFlight, 300);
    assert.equal(full.flights.length, 256);
    assert.equal(full.cores.length, 256);
    assert.equal(cores.filter((core) => core === -1).length, 44);
    for (const core of cores) counters.end(core, 1, 2);
    const empty = takeSample(memory, CLOCK);
    assert.equal(empty.requests, 300);
    assert.equal(empty.inFlight, 0);
    assert.equal(total(empty.buckets), 300);
    assert.deepEqual(empty.flights, []);
    assert.equal(counters.begin(WORK, CLIENT, 3), 255, 'the places are free again');
  });

  test('cuts long texts and keeps every byte of short ones', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        // What Node's parser gives are bytes, one a character.
        const bytes = Buffer.from(text).toString('latin1');
        const memory = allocateMemory(2);
        occupy(memory, 0, { method: bytes, url: bytes, peer: bytes }, 1);
        occupy(memory, 1, TEXTS, 2);
        assert.deepEqual(readCore(memory, 0), {
          method: bytes.slice(0, TEXT.method),
          peer: bytes.slice(0, TEXT.peer),
          uri: bytes.slice(0, TEXT.uri),
          started: 1,
        });
        assert.deepEqual(readCore(memory, 1), { method: 'GET', peer: PEER, uri: '/', started: 2 });
      }),
    );
  });

  test('is read anew when a core works on something else, or for another client', () => {
    const memory = allocateMemory(1);
    occupy(memory, 0, TEXTS, 1);
    const uris = ['/', '/', '/cats', '/cats', '/'].map((url, at) => {
      occupy(memory, 0, { ...TEXTS, url }, at + 2);
      return readCore(memory, 0);
    });
    assert.deepEqual(
      uris.map((read) => [read?.uri, read?.started]),
      [
        ['/', 2],
        ['/', 3],
        ['/cats', 4],
        ['/cats', 5],
        ['/', 6],
      ],
    );
    occupy(memory, 0, { ...TEXTS, peer: '::1' }, 9);
    assert.deepEqual(readCore(memory, 0), { method: 'GET', peer: '::1', uri: '/', started: 9 });
  });

  test('names a client later, by the beat of the loop or by its descriptor', () => {
    const memory = allocateMemory(3);
    const counters = createCounters(memory, 0);
    for (const fd of [7, 8, 9]) counters.begin(WORK, { peer: '', fd }, 1000);
    counters.named(0, PEER);
    const asked: (readonly number[])[] = [];
    const peersAt = (now: number): string[] =>
      takeSample(memory, { now: () => now, origin: 0 }, (fds) => {
        asked.push(fds);
        return new Map([[8, '::1']]);
      }).flights.map(({ peer }) => peer);
    assert.deepEqual(peersAt(1100), [PEER, '', ''], 'the next beat may still come');
    assert.deepEqual(asked, []);
    assert.deepEqual(peersAt(1300), [PEER, '::1', '']);
    assert.deepEqual(asked, [[8, 9]]);
  });

  test('tells how long the loop has not turned, and nothing while it is alive', () => {
    const memory = allocateMemory(1);
    const counters = createCounters(memory, 0);
    const stalledAt = (now: number): number =>
      takeSample(memory, { now: () => now, origin: 0 }).stalledMs;
    assert.equal(stalledAt(90_000), 0, 'it has not begun to beat');
    counters.beat(1000);
    assert.equal(stalledAt(1200), 0);
    assert.equal(stalledAt(4000), 3000);
  });

  test('is never read torn by another thread while it is written', async () => {
    const memory = allocateMemory(1);
    const reader = new Worker(new URL('../../support/memory-reader.js', import.meta.url), {
      workerData: { buffer: memory.buffer, cores: memory.cores },
    });
    const told = once(reader, 'message');
    const reading = { isOver: false };
    void told.then(() => (reading.isOver = true));
    while (!reading.isOver) {
      for (let turn = 0; turn < 20_000; turn++) {
        const letter = String.fromCharCode(97 + (turn % 26));
        const size = 1 + (turn % 180);
        const [method, peer, url] = [3, 9, size].map((length) => letter.repeat(length));
        occupy(memory, 0, { method: method!, peer: peer!, url: url! }, size);
      }
      await new Promise(setImmediate);
    }
    const [result] = (await told) as [{ seen: number; torn: string[] }];
    await reader.terminate();
    assert.deepEqual(result.torn, []);
    assert.ok(result.seen > 0);
  });
});
