import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  decodeMasterFrame,
  decodeSampleLine,
  decodeWorkerFrame,
  encodeFrame,
  isSampleLine,
  lineSplitter,
  MAX_FRAME,
  type MasterFrame,
  type WorkerFrame,
} from '../../../server/wire/frames.js';
import { REFUSAL_CODES } from '../../../server/wire/refusals.js';

function linesOf(chunks: readonly string[]): string[] {
  const lines: string[] = [];
  const splitter = lineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(chunk);
  return lines;
}

/** Cuts a text at the given places, which may repeat. */
function cut(text: string, places: readonly number[]): string[] {
  const sorted = [0, ...places.map((place) => place % (text.length + 1)), text.length].sort(
    (a, b) => a - b,
  );
  return sorted.slice(1).map((end, index) => text.slice(sorted[index], end));
}

const count = fc.nat();
const stack = fc.array(fc.string({ maxLength: 240 }), { maxLength: 50 });
const frame: fc.Arbitrary<WorkerFrame> = fc.oneof(
  fc.record({
    type: fc.constant('harakiri' as const),
    face: fc.constantFrom('slow' as const, 'blocked' as const),
    core: fc.integer({ min: -1, max: 255 }),
    method: fc.string(),
    uri: fc.string({ maxLength: 1024 }),
    peer: fc.string(),
    ageMs: fc.double({ min: 0, max: 1e9, noNaN: true }).map((ms) => ms + 0),
    inFlight: count,
    queued: count,
    stack,
  }),
  fc.record({
    type: fc.constant('traceback' as const),
    id: count,
    kind: fc.constantFrom('javascript' as const, 'native' as const, 'idle' as const),
    stack,
  }),
  fc.constant({ type: 'fault' as const }),
  fc.constant({ type: 'same' as const }),
  fc.record({ type: fc.constant('files' as const), files: fc.array(fc.string()) }),
  fc.record({
    type: fc.constant('signal' as const),
    signal: fc.constantFrom('SIGHUP' as const, 'SIGTERM' as const, 'SIGINT' as const),
  }),
  fc.record({
    type: fc.constant('stderr' as const),
    lines: fc.array(fc.string({ unit: 'binary', maxLength: 100 }), { maxLength: 20 }),
  }),
  fc.record({ type: fc.constant('ready' as const), app: fc.boolean(), loadedInMs: count }),
  fc.record({
    type: fc.constant('sample' as const),
    requests: count,
    exceptions: count,
    aborted: count,
    tx: count,
    runningTime: count,
    averageTime: count,
    inFlight: count,
    queued: count,
    upgraded: count,
    loop: count,
    stalledMs: count,
    heap: count,
    heapTotal: count,
    heapLimit: count,
    loopDelay: count,
    loopDelayMax: count,
    inside: fc.option(
      fc.record({
        ...{ lookedAt: count, external: count, arrayBuffers: count, malloced: count },
        ...{ nativeContexts: count, detachedContexts: count },
        ...{ handles: fc.option(count), activeRequests: fc.option(count) },
        gc: fc.array(count, { minLength: 8, maxLength: 8 }),
        spaces: fc.array(fc.tuple(fc.constant('old_space'), count, count), { maxLength: 20 }),
      }),
    ),
    refused: fc.array(fc.tuple(fc.constantFrom(...REFUSAL_CODES), count), { maxLength: 8 }),
    buckets: fc.array(fc.tuple(count, count)),
    cores: fc.array(count),
    statics: fc.array(count),
    flights: fc.array(
      fc.record({
        core: count,
        started: count,
        method: fc.string(),
        uri: fc.string({ unit: 'binary' }),
        peer: fc.string(),
      }),
    ),
  }),
);

const order: fc.Arbitrary<MasterFrame> = fc.oneof(
  fc.constantFrom(
    { type: 'drain' as const },
    { type: 'exit' as const },
    { type: 'pause' as const },
    { type: 'resume' as const },
  ),
  fc.record({ type: fc.constant('others' as const), requests: count }),
  fc.record({ type: fc.constant('listen-queue' as const), length: count }),
  fc.record({ type: fc.constant('traceback' as const), id: count }),
);

describe('lines between master and worker', () => {
  test('are the same however the stream is cut', () => {
    const text = fc.array(fc.string()).map((parts) => parts.join('\n'));
    fc.assert(
      fc.property(text, fc.array(fc.nat()), (whole, places) => {
        const wanted = whole
          .split('\n')
          .slice(0, -1)
          .filter((line) => line !== '');
        assert.deepEqual(linesOf(cut(whole, places)), wanted);
      }),
    );
  });

  test('that are too long are dropped whole, and the next one is read', () => {
    const long = 'x'.repeat(MAX_FRAME + 1);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 8 }), (places) => {
        assert.deepEqual(linesOf(cut(`before\n${long}\nafter\n`, places)), ['before', 'after']);
      }),
      { numRuns: 30 },
    );
    const longest = 'x'.repeat(MAX_FRAME);
    assert.deepEqual(linesOf([longest, '\n']), [longest]);
  });

  test('that never end are not collected', () => {
    const lines: string[] = [];
    const splitter = lineSplitter((line) => lines.push(line));
    for (let chunk = 0; chunk < 100; chunk++) splitter.push('x'.repeat(64 * 1024));
    splitter.push('\n{}\n');
    assert.deepEqual(lines, ['{}']);
  });
});

describe('frames', () => {
  test('of a worker are read as they were written', () => {
    fc.assert(
      fc.property(frame, (written) => {
        const [line = ''] = linesOf([encodeFrame(written)]);
        assert.deepEqual(decodeWorkerFrame(line), structuredClone(written));
      }),
    );
  });

  test('tell a sample by how its line begins, whatever else may follow', () => {
    fc.assert(
      fc.property(frame, (written) => {
        // As `takeSample` makes it: the type comes first.
        const { type, ...rest } = written;
        const [line = ''] = linesOf([encodeFrame({ type, ...rest } as WorkerFrame)]);
        assert.equal(isSampleLine(line), type === 'sample');
        assert.deepEqual(
          decodeSampleLine(line),
          type === 'sample' ? structuredClone(written) : null,
        );
      }),
    );
    assert.equal(isSampleLine('{"type":"sample","requests":'), true);
    assert.equal(decodeSampleLine('{"type":"sample","requests":'), null);
  });

  test('of the master are read as they were written', () => {
    fc.assert(
      fc.property(order, (written) => {
        const [line = ''] = linesOf([encodeFrame(written)]);
        assert.deepEqual(decodeMasterFrame(line), structuredClone(written));
      }),
    );
  });

  test('of neither kind are null, and nothing throws', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.json());
    fc.assert(
      fc.property(anything, (line) => {
        assert.equal(decodeMasterFrame(line), null);
        assert.equal(decodeWorkerFrame(line), null);
      }),
    );
  });

  /** What would not spoil a field. */
  const isFit = (key: string, value: unknown): boolean =>
    (key === 'app' && value === true) ||
    (key === 'core' && value === -1) ||
    (key === 'inside' && value === null) ||
    (['method', 'uri', 'peer'].includes(key) && value === 'x');

  test('with one field spoilt are null', () => {
    const spoilt = fc.constantFrom<unknown>(-1, 'x', null, {}, true, [[1]], [null], [{}]);
    fc.assert(
      fc.property(frame, fc.nat(), spoilt, (written, which, value) => {
        const keys = Object.keys(written).filter((key) => key !== 'type');
        const key = keys[which % Math.max(1, keys.length)];
        fc.pre(key !== undefined && !isFit(key, value));
        const line = JSON.stringify({ ...written, [key]: value });
        assert.equal(decodeWorkerFrame(line), null, line);
      }),
    );
  });

  test('with numbers that JSON can write and a counter cannot hold are null', () => {
    assert.equal(decodeMasterFrame('{"type":"others","requests":1e999}'), null);
    assert.equal(decodeWorkerFrame('{"type":"ready","app":true,"loadedInMs":-0.5}'), null);
  });
});
