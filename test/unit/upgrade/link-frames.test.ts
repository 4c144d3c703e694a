import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodePredecessorFrame,
  decodeSuccessorFrame,
} from '../../../server/master/upgrade/link-frames.js';

const TOTALS = {
  requests: 5,
  exceptions: 1,
  aborted: 2,
  tx: 1000,
  runningTime: 77,
  lost: 3,
  buckets: [
    [3, 4],
    [9, 1],
  ],
  refused: [['duplicate_host', 2]],
};

test('what masters say to each other is read back', () => {
  const from = (frame: object): string => JSON.stringify(frame);
  assert.deepEqual(decodeSuccessorFrame(from({ type: 'ready' })), { type: 'ready' });
  const failed = { type: 'failed', reason: 'no database' };
  assert.deepEqual(decodeSuccessorFrame(from(failed)), failed);
  assert.deepEqual(decodePredecessorFrame(from({ type: 'go' })), { type: 'go' });
  const totals = { type: 'totals', workers: [[1, TOTALS]] };
  assert.deepEqual(decodePredecessorFrame(from(totals)), totals);
});

test('the secret of tickets is read back whole, and anything else is none', () => {
  const secret = Buffer.alloc(48, 7).toString('base64');
  const tickets = { type: 'tickets', secret, ageMs: 1234.5 };
  assert.deepEqual(decodePredecessorFrame(JSON.stringify(tickets)), tickets);
  for (const change of [
    { secret: 'AAAA' },
    { secret: null },
    { secret: secret.repeat(2) },
    { ageMs: -1 },
    { ageMs: '3' },
  ]) {
    assert.equal(decodePredecessorFrame(JSON.stringify({ ...tickets, ...change })), null);
  }
});

test('totals of another shape are passed over whole', () => {
  for (const workers of [
    null,
    [[0, TOTALS]],
    [[1]],
    [[1, { ...TOTALS, requests: -1 }]],
    [[1, { ...TOTALS, buckets: [[1]] }]],
    [[1, TOTALS], 'x'],
  ]) {
    assert.equal(decodePredecessorFrame(JSON.stringify({ type: 'totals', workers })), null);
  }
});

test('any other line is no frame, and none throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
      assert.equal(decodeSuccessorFrame(line), null);
      assert.equal(decodePredecessorFrame(line), null);
    }),
  );
});
