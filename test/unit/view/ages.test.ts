import assert from 'node:assert/strict';
import { test } from 'node:test';
import { age, columnAge } from '../../../top/view/ages.js';

test('an age has a decimal below ten seconds, and is never negative', () => {
  assert.deepEqual([-3, 0, 9.94, 9.95, 61].map(age), ['0.0s', '0.0s', '9.9s', '9s', '1m01s']);
});

test('in a column an age of ten minutes and more has no seconds', () => {
  const ages = [0, 59, 599, 600, 1090, 3599, 3600, 273_600];
  assert.deepEqual(ages.map(columnAge), [
    ...['0s', '59s', '9m59s', '10m', '18m', '59m', '1h00m', '3d04h'],
  ]);
});
