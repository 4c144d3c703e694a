import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextReading, NO_READINGS, type Readings } from '../../../top/model/reading.js';
import { instance, worker } from '../../support/stats-builder.js';

/** Which of these arrivals, in milliseconds, become readings. */
function taken(intervalMs: number, arrivals: readonly number[]): number[] {
  let before: Readings = NO_READINGS;
  return arrivals.filter((at) => {
    const document = { kind: 'instance', instance: instance([worker(1)]), damaged: false } as const;
    const event = { type: 'document', at, transport: 'live', document, stats: {} } as const;
    const next = nextReading(before, event, { intervalMs, wallMs: at });
    if (next === null) return false;
    before = next[0];
    return true;
  });
}

test('the stream that follows on the first poll is not a reading of its own', () => {
  assert.deepEqual(taken(1000, [0, 20, 1020, 2020]), [0, 1020, 2020]);
});

test('a document may be a little early or late', () => {
  assert.deepEqual(taken(1000, [0, 900, 2100, 2950]), [0, 900, 2100, 2950]);
});

test('of documents that come faster than wanted one is taken for each interval', () => {
  const seconds = Array.from({ length: 31 }, (_, second) => second * 1000);
  assert.deepEqual(taken(10_000, seconds), [0, 10_000, 20_000, 30_000]);
});
