import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRegistry } from '../../../server/master/decide/registry.js';
import { buildDocument } from '../../../server/stats/document/snapshot.js';
import { snapshotOf } from '../../../server/stats/snapshot.js';
import { decodeWorkerFrame, encodeFrame } from '../../../server/wire/frames.js';
import { createCounters } from '../../../server/worker/counters.js';
import { allocateMemory } from '../../../server/worker/memory.js';
import { takeSample } from '../../../server/worker/sample.js';
import { anyText } from '../../support/arbitraries.js';
import { sourcesOf, WALL_MS } from '../../support/built-document.js';
import { MasterDriver } from '../../support/master-driver.js';
import { assertValid } from '../../support/stats-schema.js';

interface Texts {
  readonly method: string;
  readonly uri: string;
  readonly peer: string;
  readonly name: string;
  readonly lines: readonly string[];
}

const hostile = fc.oneof(anyText, fc.string({ unit: 'binary', maxLength: 300 }));
const texts: fc.Arbitrary<Texts> = fc.record({
  method: hostile,
  uri: hostile,
  peer: hostile,
  name: hostile,
  lines: fc.array(hostile, { maxLength: 20 }),
});

/** A request in flight as a worker tells of it, one that took too long, and a death with last words. */
function bytesOf({ method, uri, peer, name, lines }: Texts, layout: 'indented' | 'minified') {
  const master = new MasterDriver(2);
  const [pid = 0, other = 0] = master.boot();
  const memory = allocateMemory(4);
  createCounters(memory, 0).begin({ method, url: uri }, { peer, fd: -1 }, 5);
  const frame = decodeWorkerFrame(
    encodeFrame(takeSample(memory, { now: () => 10, origin: WALL_MS })),
  );
  assert.equal(frame?.type, 'sample');
  const registry = createRegistry();
  registry.fold(1, pid, frame);
  master.post({
    type: 'harakiri',
    pid,
    report: {
      ...{ face: 'blocked', core: 0, method, uri, peer, ageMs: 12.5, inFlight: 1, queued: 0 },
      ...{ stack: lines, flights: [], wallMs: WALL_MS, rss: 1, listenQueue: 0 },
    },
  });
  const how = { code: 1, signal: null, signalNumber: null };
  master.post({ type: 'exited', pid: other, ...how, stderr: lines });
  const sources = sourcesOf(master, { registry });
  const identity = { ...sources.identity, name, cwd: name };
  return snapshotOf(buildDocument({ ...sources, identity }), layout).bytes();
}

function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      yield key;
      yield* stringsIn(member);
    }
  }
}

test('whatever bytes a request, a name or stderr has, the document is JSON in UTF-8', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom('indented', 'minified'), (given, layout) => {
      const bytes = bytesOf(given, layout);
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      const document: unknown = JSON.parse(text);
      assertValid(document);
      // It throws at half a surrogate pair, which is no text.
      for (const string of stringsIn(document)) encodeURIComponent(string);
    }),
    { numRuns: 200 },
  );
});
