import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFreshness } from '../../../server/master/freshness.js';

/** Measurements by the second they were made in; `advance` looks once a second. */
function freshness(always: boolean) {
  let now = 0;
  const made: number[] = [];
  const subject = createFreshness(
    () => made.push(now / 1000),
    () => always,
    () => now,
  );
  return {
    subject,
    advance: (seconds: number): number[] => {
      for (let second = 0; second < seconds; second++) {
        now += 1000;
        subject.look();
      }
      return made.splice(0);
    },
    at: (ms: number): number[] => {
      now = ms;
      subject.wanted();
      return made.splice(0);
    },
  };
}

test('where a rule looks at the figures they are made every second', () => {
  assert.deepEqual(freshness(true).advance(4), [1, 2, 3, 4]);
});

test('while nobody reads they are made seldom', () => {
  assert.deepEqual(freshness(false).advance(31), [1, 11, 21, 31]);
});

test('who reads gets figures that are at most a second old, then new ones every second', () => {
  const figures = freshness(false);
  figures.advance(5);
  assert.deepEqual(figures.at(5300), [5.3], 'those of the first second are too old');
  assert.deepEqual(figures.at(5900), []);
  assert.deepEqual(figures.advance(3), [6.9, 7.9, 8.9]);
  assert.deepEqual(figures.at(9000), []);
  assert.deepEqual(
    figures.advance(30).length,
    11,
    'ten seconds after the last reader it is seldom again',
  );
});

test('a reader that comes every quarter of a minute causes one measurement each time', () => {
  const figures = freshness(false);
  const found = [15, 30, 45].map((second) => figures.at(second * 1000));
  assert.deepEqual(found, [[15], [30], [45]]);
});
