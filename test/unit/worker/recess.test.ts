import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecess, recessOf } from '../../../server/worker/harakiri/recess.js';
import { createBlockedWatch } from '../../../server/worker/harakiri/blocked.js';
import { allocateMemory, FIELD } from '../../../server/worker/memory.js';

test('while a recess lasts no request is too old, and afterwards each has the time back', () => {
  const memory = allocateMemory(1);
  const recess = createRecess(memory);
  assert.equal(recessOf(memory, 500), 0);
  recess.begin(1000);
  assert.equal(recessOf(memory, 500), Infinity);
  recess.end(4000);
  assert.equal(recessOf(memory, 500), 3000);
  assert.equal(recessOf(memory, 4500), 0, 'what began afterwards waited for nothing');
});

test('a blocked loop is let be during a recess, and found out after it', () => {
  const memory = allocateMemory(1);
  const watch = createBlockedWatch(memory, 0);
  memory.fields[FIELD.cores] = 1;
  memory.fields[FIELD.heartbeat] = 1000;
  memory.started[0] = 900;
  memory.limits[0] = 1000;
  const recess = createRecess(memory);
  recess.begin(1000);
  const beats = (from: number, to: number) =>
    Array.from({ length: (to - from) / 100 }, (_, beat) => watch.look(from + beat * 100));
  assert.ok(beats(1000, 9000).every((found) => found === null));
  recess.end(9000);
  assert.ok(
    beats(9000, 9900).every((found) => found === null),
    'its second begins again',
  );
  assert.equal(beats(9900, 12_000).find((found) => found !== null)?.core, 0);
});

test('an end without a begin gives nothing', () => {
  const memory = allocateMemory(1);
  createRecess(memory).end(5000);
  assert.equal(recessOf(memory, 0), 0);
});
