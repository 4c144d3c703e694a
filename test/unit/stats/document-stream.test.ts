import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { patch, type Json } from '../../../shared/delta.js';
import { documentStream, type DocumentStream } from '../../../server/stats/document-stream.js';
import type { Metronome } from '../../../server/stats/metronome.js';
import { deltaFrames, snapshotOf, type Snapshot } from '../../../server/stats/snapshot.js';
import { readFrames } from '../../support/read-frames.js';
import { smallDocument, smallWorker } from '../../support/small-document.js';

interface Bench {
  readonly stream: DocumentStream;
  readonly sent: string[];
  readonly cuts: string[];
  readonly periods: number[];
  newest: Snapshot;
  now: number;
  buffered: number;
  beat(): void;
}

function bench(): Bench {
  const beats = new Set<(snapshot: Snapshot) => void>();
  const deltas = deltaFrames();
  const periods: number[] = [];
  const metronome: Metronome<Snapshot> = {
    join(period, beat) {
      periods.push(period);
      beats.add(beat);
      return () => beats.delete(beat);
    },
    get periods() {
      return beats.size;
    },
  };
  const sent: string[] = [];
  const cuts: string[] = [];
  const state = { newest: snapshotOf(smallDocument(1)), now: 0, buffered: 0 };
  const stream = documentStream({
    outlet: {
      send: (message) => sent.push(message.toString()),
      sendFrame: (frame) => sent.push(...readFrames(frame)),
      buffered: () => state.buffered,
      cut: (reason) => cuts.push(reason),
    },
    newest: () => state.newest,
    deltas,
    beats: metronome,
    now: () => state.now,
    stalledMs: 30_000,
  });
  const beat = (): void => {
    for (const each of beats) each(state.newest);
  };
  return Object.assign(state, { stream, sent, cuts, periods, beat });
}

/** What a client makes of the messages: the document, and whether no number was left out. */
function replay(messages: readonly string[]): { document: Json; gapless: boolean } {
  let document: Json = null;
  let gapless = true;
  messages.forEach((text, index) => {
    const message = JSON.parse(text) as { seq: number; stats?: Json; delta?: unknown };
    gapless &&= message.seq === index + 1;
    document = message.stats ?? patch(document, message.delta);
  });
  return { document, gapless };
}

test('the whole document comes first, then a delta with every beat, even without a change', () => {
  const b = bench();
  b.beat();
  b.newest = snapshotOf(smallDocument(1, 1001));
  b.beat();
  assert.deepEqual(
    b.sent.slice(1).map((text): unknown => JSON.parse(text)),
    [
      { type: 'delta', seq: 2, delta: null },
      { type: 'delta', seq: 3, delta: { '+': { time: { '=': 1001 } } } },
    ],
  );
  assert.deepEqual(replay(b.sent), { document: b.newest.json(), gapless: true });
});

test('a client that does not read is skipped, and then led straight to the newest', () => {
  const b = bench();
  b.buffered = 1;
  for (let time = 1; time <= 5; time++) {
    b.newest = snapshotOf(smallDocument(1, time));
    b.beat();
  }
  assert.equal(b.sent.length, 1);
  b.buffered = 0;
  b.beat();
  assert.equal(b.sent.length, 2);
  assert.deepEqual(replay(b.sent), { document: b.newest.json(), gapless: true });
});

test('a client that leaves a document unread for too long is cut', () => {
  const b = bench();
  b.buffered = 1;
  b.now = 30_000;
  b.beat();
  assert.deepEqual(b.cuts, []);
  b.now = 30_001;
  b.beat();
  assert.equal(b.cuts.length, 1);
});

test('a resync gets the whole document with the next number, at once', () => {
  const b = bench();
  b.now = 1000;
  b.newest = snapshotOf(smallDocument(2));
  b.stream.resync();
  assert.deepEqual(JSON.parse(b.sent[1] ?? ''), {
    type: 'snapshot',
    seq: 2,
    stats: b.newest.json(),
  });
});

test('many resyncs in a row get one document', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const b = bench();
  b.now = 1000;
  for (let count = 0; count < 50; count++) b.stream.resync();
  assert.equal(b.sent.length, 2);
  b.now = 1100;
  t.mock.timers.tick(100);
  assert.equal(b.sent.length, 3);
  t.mock.timers.tick(1000);
  assert.equal(b.sent.length, 3);
});

test('a resync waits until the client has read the last document', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const b = bench();
  b.now = 1000;
  b.buffered = 1;
  b.stream.resync();
  t.mock.timers.tick(100);
  assert.equal(b.sent.length, 1);
  b.buffered = 0;
  t.mock.timers.tick(100);
  assert.match(b.sent[1] ?? '', /^\{"type":"snapshot","seq":2,/);
});

test('a beat that comes before the retry serves the resync itself', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const b = bench();
  b.stream.resync();
  b.beat();
  assert.match(b.sent[1] ?? '', /^\{"type":"snapshot","seq":2,/);
  b.now = 1000;
  t.mock.timers.tick(100);
  assert.equal(b.sent.length, 2);
});

test('the interval changes the beat that is kept, in whole milliseconds', () => {
  const b = bench();
  b.stream.subscribe(250.4);
  b.stream.subscribe(250);
  assert.deepEqual(b.periods, [1000, 250]);
  b.beat();
  assert.equal(b.sent.length, 2);
  b.stream.close();
  b.beat();
  assert.equal(b.sent.length, 2);
});

test('whatever changes and however slowly a client reads, it ends at the newest document', () => {
  const step = fc.record({
    workers: fc.nat(5),
    requests: fc.nat(),
    status: fc.constantFrom('idle', 'busy', '__proto__'),
    buffered: fc.boolean(),
    resync: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const b = bench();
      for (const { workers, requests, status, buffered, resync } of steps) {
        b.now += 1000;
        b.buffered = buffered ? 1 : 0;
        b.newest = snapshotOf({
          ...smallDocument(0, b.now),
          workers: Array.from({ length: workers }, (_, id) => ({
            ...smallWorker(id + 1),
            requests,
            status,
          })),
        });
        if (resync) b.stream.resync();
        b.beat();
      }
      b.buffered = 0;
      b.beat();
      b.stream.close();
      assert.deepEqual(replay(b.sent), { document: b.newest.json(), gapless: true });
    }),
    { numRuns: 100 },
  );
});
