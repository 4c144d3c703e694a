import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json } from '../../../shared/delta.js';
import { applied, difference } from '../../../top/model/leaf-delta.js';

/** A document is JSON: what cannot be told in it, such as -0, does not come. */
const anyJson = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as Json);

test('a difference leads from any document to any other, also by way of a text', () => {
  fc.assert(
    fc.property(fc.array(anyJson, { minLength: 1, maxLength: 6 }), (documents) => {
      let before: Json = null;
      for (const document of documents) {
        const ops: string = JSON.stringify(difference(before, document));
        assert.deepEqual(
          applied(before, JSON.parse(ops) as ReturnType<typeof difference>),
          document,
        );
        before = document;
      }
    }),
  );
});

test('only leaves that changed are written, numbers as what they grew by', () => {
  const before = {
    id: 1,
    name: 'a',
    buckets: [
      [20, 5],
      [21, 7],
    ],
    none: [],
    gone: null,
  };
  const after = {
    id: 1,
    name: 'b',
    buckets: [
      [20, 8],
      [21, 7],
    ],
    none: [],
    gone: null,
  };
  assert.deepEqual(difference(before, after), [1, { '=': 'b' }, 0, [0, [1, 3]]]);
  assert.deepEqual(difference(before, before), []);
});

test('another shape is written anew, and only where it is another', () => {
  const before = { cores: [{ id: 0, vars: [] }], requests: 7 };
  const after = { cores: [{ id: 0, vars: ['A=b'] }], requests: 9 };
  assert.deepEqual(difference(before, after), [0, [0, [1, { '=': ['A=b'] }]], 0, 2]);
  assert.deepEqual(difference(after, { cores: [], requests: 9 }), [0, { '=': [] }]);
});

test('a key that the language gives a meaning is one like any other', () => {
  const before = JSON.parse('{"a":1,"__proto__":{"b":1}}') as Json;
  const after = JSON.parse('{"a":1,"__proto__":{"b":3}}') as Json;
  const now = applied(before, difference(before, after));
  assert.equal(JSON.stringify(now), JSON.stringify(after));
  assert.equal(Object.getPrototypeOf(now), Object.prototype);
});

test('what did not change is the same object', () => {
  const before = {
    workers: [
      { id: 1, requests: 5 },
      { id: 2, requests: 5 },
    ],
  };
  const after = {
    workers: [
      { id: 1, requests: 6 },
      { id: 2, requests: 5 },
    ],
  };
  const now = applied(before, difference(before, after));
  assert.deepEqual(now, after);
  const second = (document: Json): Json => (document as { workers: Json[] }).workers[1] ?? null;
  assert.equal(second(now), second(before));
});
