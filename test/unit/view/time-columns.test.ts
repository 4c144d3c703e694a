import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { columnSpan, greatest, mean, timeColumns } from '../../../top/view/time-columns.js';

const everySecond = (length: number): number[] =>
  Array.from({ length }, (_, index) => index * 1000 + 1);
const window = { columns: 5, span: 1000, intervalMs: 1000 };

test('the newest value stands at the right, what is not known yet is empty', () => {
  const columns = timeColumns(everySecond(3), [null, 4, 6], window, mean);
  assert.deepEqual(columns, [null, null, null, 4, 6]);
  assert.deepEqual(timeColumns([], [], window, mean), [null, null, null, null, null]);
});

test('a column of several values shows the mean of a rate and the peak of a wait', () => {
  const values = [1, 3, 5, 9];
  const two = { ...window, columns: 2, span: 2000 };
  assert.deepEqual(timeColumns(everySecond(4), values, two, mean), [2, 7]);
  assert.deepEqual(timeColumns(everySecond(4), values, two, greatest), [3, 9]);
});

test('a document that is a little late leaves no hole, a missing one does', () => {
  const late = timeColumns([0, 999, 2001, 3000], [1, 2, 3, 4], { ...window, columns: 4 }, mean);
  assert.deepEqual(late, [1.5, 3, 3, 4]);
  const cut = timeColumns([0, 1000, 9000], [1, 2, 3], { ...window, columns: 10 }, mean);
  assert.deepEqual(cut, [1, 2, null, null, null, null, null, null, null, 3]);
});

test('what came at a slower pace before has no holes at a faster one', () => {
  const times = [0, 1100, 2200, 3300, 3400, 3500];
  const fast = { columns: 8, span: 500, intervalMs: 100 };
  assert.deepEqual(timeColumns(times, [1, 2, 3, 4, 4, 4], fast, mean), [1, 2, 2, 3, 3, 4, 4, 4]);
});

test('a gap in the series is a gap in the chart', () => {
  const columns = timeColumns(everySecond(5), [1, 2, null, null, 5], window, mean);
  assert.deepEqual(columns, [1, 2, null, null, 5]);
});

test('values stay in their columns while the picture moves', () => {
  const values = Array.from({ length: 40 }, (_, index) => index);
  const wide = { columns: 10, span: 5000, intervalMs: 1000 };
  const before = timeColumns(everySecond(31), values.slice(0, 31), wide, mean);
  const after = timeColumns(everySecond(36), values.slice(0, 36), wide, mean);
  assert.deepEqual(after.slice(3, 8), before.slice(4, 9));
});

test('a column stands for as little as shows the history, up to five minutes', () => {
  const spans = [1, 30, 31, 70, 200, 300, 1000].map((documents) =>
    columnSpan(everySecond(documents), 1000, 30),
  );
  assert.deepEqual(spans, [1000, 1000, 2000, 3000, 10_000, 10_000, 10_000]);
  assert.equal(columnSpan(everySecond(5), 30_000, 30), 30_000);
  assert.equal(columnSpan(everySecond(5), 60_000, 1), 60_000);
  assert.equal(columnSpan([], 1000, 30), 1000);
});

test('a faster pace than now does not make the history seem longer than it is', () => {
  const fast = Array.from({ length: 200 }, (_, index) => index * 100);
  assert.equal(columnSpan(fast, 1000, 30), 1000);
  assert.equal(columnSpan(fast, 100, 30), 1000);
});

test('any times and values give the columns asked for, each within the values', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(100_000), fc.option(fc.nat(1000))), { maxLength: 60 }),
      fc.integer({ min: 1, max: 80 }),
      fc.constantFrom(100, 1000, 60_000),
      (samples, columns, span) => {
        const times = samples.map(([time]) => time).sort((a, b) => a - b);
        const values = samples.map(([, value]) => value);
        const found = timeColumns(times, values, { columns, span, intervalMs: 1000 }, mean);
        assert.equal(found.length, columns);
        const max = Math.max(0, ...values.map((value) => value ?? 0));
        assert.ok(found.every((value) => value === null || (value >= 0 && value <= max + 1e-9)));
        if (values.every((value) => value === null)) {
          assert.ok(found.every((value) => value === null));
        }
      },
    ),
  );
});
