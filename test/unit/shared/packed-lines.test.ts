import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { packLines, unpackLines } from '../../../shared/packed-lines.js';

test('lines of JSON come back as they were', () => {
  const line = fc.jsonValue().map((value) => JSON.stringify(value));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), (lines) => {
      assert.deepEqual(unpackLines(packLines(lines)), lines);
    }),
  );
});

test('lines that are alike take little', () => {
  const lines = Array.from({ length: 1000 }, (_, index) => `{"worker":${index},"requests":97}`);
  assert.ok(packLines(lines).data.length < lines.join('\n').length / 4);
});
