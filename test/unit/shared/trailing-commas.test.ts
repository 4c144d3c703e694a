import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { withoutTrailingCommas } from '../../../shared/trailing-commas.js';

test('a comma before the end of a list or object is left out, with the space around it', () => {
  assert.equal(withoutTrailingCommas('["a",\n\n\t]'), '["a"\n\n\t]');
  assert.equal(withoutTrailingCommas('{"a":[1, ],"b":2 , }'), '{"a":[1 ],"b":2  }');
});

test('a comma in a string stays, also behind an escaped quotation mark', () => {
  const text = '{"a,]":"\\",]","b":[",}"]}';
  assert.equal(withoutTrailingCommas(text), text);
});

test('what is JSON already is never changed', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      assert.equal(withoutTrailingCommas(text), text);
    }),
  );
});
