import assert from 'node:assert/strict';
import { test } from 'node:test';
import { theilSen } from '../../../shared/memory/theil-sen.js';
import { seeded } from '../../support/seeded.js';

const line = (slope: number, places: number) =>
  Array.from({ length: places }, (_, x) => ({ x, y: 7 + slope * x }));

test('the slope of a straight line is its own, without any doubt', () => {
  assert.deepEqual(theilSen(line(3, 10)), { slope: 3, low: 3, high: 3 });
  assert.deepEqual(theilSen(line(-2, 10)), { slope: -2, low: -2, high: -2 });
});

test('a quarter of the places may lie anywhere, and the slope stays', () => {
  const places = line(3, 20).map((place, index) =>
    index % 4 === 1 ? { ...place, y: 10_000 * index } : place,
  );
  assert.equal(theilSen(places)?.slope, 3);
});

test('of fewer than five places nothing is said, nor of places without a distance', () => {
  assert.equal(theilSen(line(3, 4)), null);
  assert.equal(theilSen(Array.from({ length: 9 }, () => ({ x: 1, y: 2 }))), null);
});

test('the band holds the true slope in 95 of 100 noisy lines, give or take chance', () => {
  let held = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const random = seeded(seed);
    const places = line(2, 24).map(({ x, y }) => ({ x, y: y + 10 * (random.next() - 0.5) }));
    const found = theilSen(places);
    if (found !== null && found.low <= 2 && found.high >= 2) held++;
  }
  assert.ok(held >= 360 && held <= 398, `${held} of 400`);
});
