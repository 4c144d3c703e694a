import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFailureRate } from '../../../server/master/failure-rate.js';

test('of failures close together the first is told, and with the next how many were left out', () => {
  const told = createFailureRate();
  assert.equal(told(0), 0);
  for (let count = 0; count < 12; count++) assert.equal(told(1999), null);
  assert.equal(told(2000), 12);
  assert.equal(told(4000), 0);
});
