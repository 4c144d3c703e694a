import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json } from '../../../shared/delta.js';
import { applied, difference, type Op } from '../../../top/model/leaf-delta.js';

/** A document is JSON: what cannot be told in it, such as -0, does not come. */
const anyJson = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as Json);

function opOf(before: Json, after: Json): Op {
  return JSON.parse(difference(before, after)) as Op;
}

test('a difference leads from any document to any other', () => {
  fc.assert(
    fc.property(fc.array(anyJson, { minLength: 1, maxLength: 6 }), (documents) => {
      let before: Json = null;
      for (const document of documents) {
        assert.deepEqual(applied(before, opOf(before, document)), document);
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
  assert.deepEqual(opOf(before, after), [1, { '=': 'b' }, 0, [0, [1, 3]]]);
  assert.deepEqual(opOf(before, before), []);
});

test('another shape is written anew, and only where it is another', () => {
  const before = { cores: [{ id: 0, vars: [] }], requests: 7 };
  const after = { cores: [{ id: 0, vars: ['A=b'] }], requests: 9 };
  assert.deepEqual(opOf(before, after), [0, [0, [1, { '=': ['A=b'] }]], 0, 2]);
  assert.deepEqual(opOf(after, { cores: [], requests: 9 }), [0, { '=': [] }]);
});

test('a key that the language gives a meaning is one like any other', () => {
  const before = JSON.parse('{"a":1,"__proto__":{"b":1}}') as Json;
  const after = JSON.parse('{"a":1,"__proto__":{"b":3}}') as Json;
  const now = applied(before, opOf(before, after));
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
  const now = applied(before, opOf(before, after));
  assert.deepEqual(now, after);
  const second = (document: Json): Json => (document as { workers: Json[] }).workers[1] ?? null;
  assert.equal(second(now), second(before));
});

test('what was found before another shape is seen is left out', () => {
  const before = { workers: [{ id: 1, cores: [1, 2], tx: 0 }], rss: 1 };
  const after = { workers: [{ id: 2, cores: [2, 2], rx: 0 }], rss: 2 };
  assert.deepEqual(opOf(before, after), [0, [0, { '=': after.workers[0] }], 0, 1]);
  assert.deepEqual(opOf({ a: [1, 2], b: 1 }, { a: [1, 2], c: 2 }), { '=': { a: [1, 2], c: 2 } });
  assert.deepEqual(opOf({ rss: 1 }, { rss: 2 }), [0, 1]);
});
