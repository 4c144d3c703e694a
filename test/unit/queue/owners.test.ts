import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStart } from '../../../server/queue/owners.js';

test('a process is known by its start, whatever its program is called, and a dead one is none', () => {
  const stat = (state: string): string => `7 (a) b) (c) ${state} ${'1 '.repeat(18)}4242 9 9`;
  assert.equal(parseStart(stat('S')), 4242);
  assert.equal(parseStart(stat('Z')), -1);
  assert.equal(parseStart('nonsense'), null);
});
