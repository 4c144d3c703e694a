import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { axisTop } from '../../../top/view/scale.js';

const MIB = 1024 * 1024;

test('the top of an axis is the next round number', () => {
  const tops = [0.3, 1, 1.2, 7, 9, 71, 100, 101, 1442, 1632, 84_000].map((max) =>
    axisTop(max, 1, 1000),
  );
  assert.deepEqual(tops, [1, 1, 1.5, 8, 10, 80, 100, 150, 1500, 2000, 100_000]);
});

test('bytes are rounded in the unit they are written in', () => {
  const tops = [12, 245, 700, 1000].map((max) => axisTop(max * MIB, 16 * MIB, 1024) / MIB);
  assert.deepEqual(tops, [20, 300, 800, 1024]);
});

test('small values do not fill the chart: the axis has a least top', () => {
  assert.equal(axisTop(0, 10, 1000), 10);
  assert.equal(axisTop(3, 10, 1000), 10);
});

test('the top is never below the values, and never far above', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 1e15, noNaN: true }),
      fc.constantFrom(1000 as const, 1024 as const),
      (max, base) => {
        const top = axisTop(max, 1, base);
        assert.ok(top >= max && top <= 1.6 * max, String(top));
      },
    ),
  );
  for (const max of [Infinity, 1e300, Number.MAX_SAFE_INTEGER]) {
    assert.ok(Number.isFinite(axisTop(max, 1, 1000)));
  }
});

test('a load that swings under its peak does not move the scale', () => {
  const values = Array.from({ length: 300 }, (_, turn) => 60 + 20 * Math.sin(turn * 1.7));
  const tops = values.map((_, turn) =>
    axisTop(Math.max(...values.slice(Math.max(0, turn - 60), turn + 1)), 1, 1000),
  );
  const changes = tops.filter((top, turn) => turn > 10 && top !== tops[turn - 1]);
  assert.deepEqual(changes, []);
});
