import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffOf } from '../../../server/queue/backoff.js';

test('the wait doubles, up to a day, and half of it is by chance', () => {
  assert.deepEqual(
    [1, 2, 3].map((run) => backoffOf(1000, run, 1)),
    [1000, 2000, 4000],
  );
  assert.equal(backoffOf(1000, 1, 0), 500);
  assert.equal(backoffOf(1000, 5000, 1), 24 * 60 * 60 * 1000);
  assert.equal(backoffOf(0, 5, 1), 0);
});
