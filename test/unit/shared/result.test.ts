import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertNever, err, messageOf, ok } from '../../../shared/result.js';

test('success and failure carry their value', () => {
  assert.deepEqual(ok(1), { ok: true, value: 1 });
  assert.deepEqual(err('no'), { ok: false, error: 'no' });
});

test('an impossible value is named', () => {
  assert.throws(() => assertNever('odd' as never), /unexpected value: "odd"/);
});

test('whatever was thrown has a message', () => {
  assert.equal(messageOf(new TypeError('bad')), 'bad');
  assert.equal(messageOf('text'), 'text');
  assert.equal(messageOf(undefined), 'undefined');
});
