import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { diff, patch, type Json } from '../../../shared/delta.js';

/** As it would arrive: without -0, prototypes and shared references. */
function overTheWire(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

const json = fc.jsonValue({ maxDepth: 4 }).map(overTheWire);

/** Documents that have much in common, as two snapshots of one server have. */
const related = fc.tuple(
  fc.dictionary(fc.constantFrom('a', 'b', '=', '+', '#', '__proto__'), json),
  fc.dictionary(fc.constantFrom('a', 'b', '-', '@', 'toString'), json),
  fc.array(json, { maxLength: 4 }),
  fc.array(json, { maxLength: 4 }),
);

describe('the difference of two documents', () => {
  test('brings the one to the other, whatever they are', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        assert.deepEqual(patch(before, overTheWire(diff(before, after))), after);
      }),
    );
  });

  test('brings related documents to each other, with keys of every kind', () => {
    fc.assert(
      fc.property(related, ([a, b, c, d]) => {
        const before = overTheWire({ ...a, list: [...c, ...d], same: c });
        const after = overTheWire({ ...b, list: c, same: c });
        for (const [from, to] of [
          [before, after],
          [after, before],
        ] as const) {
          assert.deepEqual(patch(from, overTheWire(diff(from, to))), to);
        }
      }),
    );
  });

  test('of equals is null', () => {
    fc.assert(
      fc.property(json, (value) => {
        assert.equal(diff(value, overTheWire(value)), null);
      }),
    );
  });

  test('names only what changed', () => {
    const before = {
      pid: 1,
      workers: [
        { id: 1, tx: 5 },
        { id: 2, tx: 6 },
      ],
      gone: true,
    };
    const after = {
      pid: 1,
      workers: [
        { id: 1, tx: 5 },
        { id: 2, tx: 7 },
      ],
    };
    assert.deepEqual(overTheWire(diff(before, after)), {
      '+': { workers: { '#': 2, '@': { '1': { '+': { tx: { '=': 7 } } } } } },
      '-': ['gone'],
    });
    assert.deepEqual(overTheWire(diff([1, 2, 3], [1])), { '#': 1, '@': {} });
  });

  test('writes an array anew where that is shorter', () => {
    const before = {
      latency: [1, 2, 3].map((bucket) => [bucket, 7]),
      cores: [{ id: 0 }, { id: 1 }],
    };
    const after = { latency: [1, 2, 3].map((bucket) => [bucket, 9]), cores: before.cores };
    assert.deepEqual(overTheWire(diff(before, after)), {
      '+': { latency: { '=': after.latency } },
    });
    const one = {
      ...before,
      latency: [
        [1, 7],
        [2, 7],
        [3, 8],
      ],
    };
    assert.deepEqual(overTheWire(diff(before, one)), {
      '+': { latency: { '#': 3, '@': { '2': { '=': [3, 8] } } } },
    });
  });

  test('leaves both documents as they were', () => {
    const before = overTheWire({ list: [1, { a: 1 }] });
    const after = overTheWire({ list: [2, { a: 2 }, 3] });
    const delta = diff(before, after);
    patch(before, delta);
    assert.deepEqual(before, { list: [1, { a: 1 }] });
    assert.deepEqual(after, { list: [2, { a: 2 }, 3] });
  });
});

/** What looks like a delta, so many levels deep. */
function deltaLike(depth: number): fc.Arbitrary<unknown> {
  const value = fc.jsonValue({ maxDepth: 1 });
  const leaf = fc.oneof(value, fc.record({ '=': value }));
  if (depth === 0) return leaf;
  const member = deltaLike(depth - 1);
  const keys = { maxKeys: 2 };
  return fc.oneof(
    leaf,
    fc.record({ '+': fc.dictionary(fc.constantFrom('a', 'list'), member, keys) }),
    fc.record({
      '#': fc.integer({ min: -1, max: 4 }),
      '@': fc.dictionary(fc.constantFrom('0', '1', '2', 'x'), member, keys),
    }),
  );
}

describe('a hostile difference', () => {
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [7, /delta at \$ is not an object/],
    [[], /delta at \$ is not an object/],
    [{}, /malformed delta at \$/],
    [{ '+': { list: { '+': {} } } }, /no object at \$\.list|malformed/],
    [{ '+': { list: { '#': -1, '@': {} } } }, /bad array length at \$\.list/],
    [{ '+': { list: { '#': 1e9, '@': {} } } }, /bad array length/],
    [{ '+': { list: { '#': 1.5, '@': {} } } }, /bad array length/],
    [{ '+': { list: { '#': 5, '@': {} } } }, /elements are missing at \$\.list/],
    [{ '+': { list: { '#': 2, '@': { '9': { '=': 1 } } } } }, /bad index "9"/],
    [{ '+': { list: { '#': 2, '@': { length: { '=': 1 } } } } }, /bad index "length"/],
    [{ '+': { list: { '#': 2, '@': { '-1': { '=': 1 } } } } }, /bad index "-1"/],
    [{ '+': { a: { '#': 0, '@': {} } } }, /no array at \$\.a/],
    [{ '+': { a: { '+': {} } } }, /no object at \$\.a/],
    [{ '+': {}, '-': 'a' }, /malformed delta/],
    [{ '+': { list: { '#': 2 } } }, /no array at/],
  ];
  for (const [delta, message] of cases) {
    test(`${JSON.stringify(delta)} is refused with the place`, () => {
      assert.throws(() => patch({ a: 1, list: [1, 2] }, delta), { name: 'TypeError', message });
    });
  }

  test('can name the prototype without reaching it', () => {
    const delta: unknown = JSON.parse('{"+":{"__proto__":{"=":{"polluted":1}}}}');
    const patched = patch({}, delta) as Record<string, unknown>;
    assert.equal(Object.getPrototypeOf(patched), Object.prototype);
    assert.equal(patched['polluted'], undefined);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  test('of any shape either fits or is a TypeError, and never changes its document', () => {
    const shape = deltaLike(4);
    fc.assert(
      fc.property(shape, (delta) => {
        const before = overTheWire({ a: 1, list: [1, { a: 2 }] });
        try {
          const after = patch(before, overTheWire(delta));
          assert.deepEqual(overTheWire(after), after);
        } catch (error) {
          assert.ok(error instanceof TypeError);
        }
        assert.deepEqual(before, { a: 1, list: [1, { a: 2 }] });
      }),
    );
  });
});
