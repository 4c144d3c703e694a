import assert from 'node:assert/strict';
import { test } from 'node:test';
import { putOff } from '../../../top/model/put-off.js';

test('a value that is put off is made when it is asked for, and once', () => {
  let made = 0;
  const later = putOff(() => ++made);
  assert.equal(made, 0);
  assert.deepEqual([later.value(), later.value(), made], [1, 1, 1]);
});

test('one that could not be made is tried again', () => {
  let tries = 0;
  const later = putOff(() => {
    if (++tries === 1) throw new Error('not yet');
    return tries;
  });
  assert.throws(() => later.value(), /not yet/);
  assert.equal(later.value(), 2);
});
