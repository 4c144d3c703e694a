import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addRefusals, isRefusalCounts } from '../../../server/wire/refusals.js';

test('refusals are added code by code', () => {
  assert.deepEqual(
    addRefusals(
      [
        ['http_version', 1],
        ['duplicate_host', 2],
      ],
      [
        ['duplicate_host', 3],
        ['invalid_host', 4],
      ],
    ),
    [
      ['http_version', 1],
      ['duplicate_host', 5],
      ['invalid_host', 4],
    ],
  );
  assert.deepEqual(addRefusals([], [['http_version', 1]]), [['http_version', 1]]);
});

test('what another program wrote is no count of refusals', () => {
  assert.ok(isRefusalCounts([]));
  assert.ok(isRefusalCounts([['duplicate_host', 2]]));
  for (const value of [
    null,
    {},
    [['duplicate_host']],
    [['duplicate_host', -1]],
    [['duplicate_host', Infinity]],
    [['__proto__', 1]],
    [['Duplicate Host', 1]],
    Array.from({ length: 33 }, () => ['duplicate_host', 1]),
  ]) {
    assert.equal(isRefusalCounts(value), false, JSON.stringify(value));
  }
  fc.assert(fc.property(fc.anything(), (value) => void isRefusalCounts(value)));
});
