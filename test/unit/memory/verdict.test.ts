import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growthOf, type Where } from '../../../shared/memory/verdict.js';
import { type Behaviour, generate, RIGHT_VERDICTS } from '../../support/memory-generators.js';
import { seeded } from '../../support/seeded.js';

const WINDOW_S = 600;
const RUNS = 20;
const MB = 1024 * 1024;

/** The growths of ten minutes, one for each seed. */
function runs(behaviour: Behaviour, every = 5) {
  return Array.from({ length: RUNS }, (_, seed) => {
    const generated = generate(behaviour, seeded(seed + 1), { every });
    return { ...generated, growth: growthOf(generated.points, WINDOW_S) };
  });
}

for (const [behaviour, verdicts] of RIGHT_VERDICTS) {
  for (const every of [5, 10]) {
    test(`${behaviour}: ${verdicts.join(' or ')} in 19 of 20 runs, a look each ${every} s`, () => {
      const found = runs(behaviour, every).map(({ growth }) => growth.verdict);
      const right = found.filter((verdict) => verdicts.includes(verdict)).length;
      assert.ok(right >= RUNS - 1, found.join(' '));
    });
  }
}

const LEAKS: readonly (readonly [Behaviour, Where])[] = [
  ['heap leak', 'heap'],
  ['buffer leak', 'external'],
  ['native leak', 'native'],
];

for (const [behaviour, where] of LEAKS) {
  test(`${behaviour}: it is found in ${where}, and its slopes are right to a tenth`, () => {
    for (const { growth, perSecond, perRequest } of runs(behaviour)) {
      assert.equal(growth.where, where);
      assert.ok(Math.abs((growth.rss?.slope ?? 0) / perSecond - 1) < 0.1);
      assert.ok(Math.abs((growth.perRequest?.slope ?? 0) / perRequest - 1) < 0.1);
    }
  });
}

test('one step is no leak', () => {
  const leaks = runs('one step').filter(({ growth }) => growth.verdict === 'leak');
  assert.equal(leaks.length, 0);
});

test('a leak that was seen over a part of the window only is suspect', () => {
  const { points } = generate('heap leak', seeded(1), { seconds: 300 });
  assert.equal(growthOf(points, 600).verdict, 'suspect');
  assert.equal(growthOf(points, 300).verdict, 'leak');
});

test('of less than 45 seconds no slope is told', () => {
  const { points } = generate('heap leak', seeded(1), { seconds: 40, every: 2 });
  const growth = growthOf(points, WINDOW_S);
  assert.deepEqual([growth.verdict, growth.rss, growth.where], ['warm-up', null, null]);
});

test('where nobody tells of the heap, nobody guesses where it grows', () => {
  const { points } = generate('heap leak', seeded(1));
  const blind = points.map((point) => ({ ...point, heap: null, external: null, requests: null }));
  const growth = growthOf(blind, WINDOW_S);
  assert.deepEqual([growth.verdict, growth.where, growth.perRequest], ['leak', null, null]);
});

test('with the heap alone, growth of the heap is told and no other', () => {
  const without = (behaviour: Behaviour) =>
    generate(behaviour, seeded(1)).points.map((point) => ({ ...point, external: null }));
  assert.equal(growthOf(without('heap leak'), WINDOW_S).where, 'heap');
  assert.equal(growthOf(without('native leak'), WINDOW_S).where, null);
});

test('a leak that begins with a spurt, as of the young space of V8, is suspect after two minutes', () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    const random = seeded(seed);
    const points = Array.from({ length: 25 }, (_, index) => {
      const t = index * 5;
      const spurt = 50 * (1 - Math.exp(-t / 20));
      const rss = Math.round((60 + 0.8 * t + spurt + random.next()) * MB);
      return { t, rss, pss: null, uss: null, heap: null, external: null, requests: null };
    });
    const { verdict, rss } = growthOf(points, 120);
    assert.equal(verdict, 'suspect');
    assert.ok(Math.abs((rss?.slope ?? 0) / (0.8 * MB) - 1) < 1 / 3, String(rss?.slope));
  }
});
