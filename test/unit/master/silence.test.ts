import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSilenceWatch, signPeriod } from '../../../server/master/decide/silence.js';

const SECOND = 1000;

/** Looks every second from `from` to `to`; the pids found silent, with the second. */
function watchFor(
  watch: ReturnType<typeof createSilenceWatch>,
  from: number,
  to: number,
): [number, number][] {
  const found: [number, number][] = [];
  for (let second = from; second <= to; second++) {
    for (const { pid } of watch.look(second * SECOND)) found.push([second, pid]);
  }
  return found;
}

test('a process that says nothing for the limit is found, and again after as long', () => {
  const watch = createSilenceWatch(() => 5 * SECOND);
  for (const pid of [7, 8]) {
    watch.born(pid, 0);
    watch.heard(pid, 0);
  }
  for (let second = 1; second <= 20; second++) watch.heard(8, second * SECOND);
  assert.deepEqual(watchFor(watch, 1, 11), [
    [5, 7],
    [10, 7],
  ]);
});

test('one that is gone is not looked for', () => {
  const watch = createSilenceWatch(() => 5 * SECOND);
  watch.born(7, 0);
  watch.heard(7, 0);
  watch.forget(7);
  watch.heard(7, 1);
  assert.deepEqual(watchFor(watch, 1, 100), []);
});

test('one that has never said anything gets a minute more: it starts', () => {
  const watch = createSilenceWatch(() => 5 * SECOND);
  watch.born(7, 0);
  assert.deepEqual(watchFor(watch, 1, 69), [[65, 7]]);
});

test('time in which the master did not run is nobody else’s silence', () => {
  const watch = createSilenceWatch(() => 5 * SECOND);
  watch.born(7, 0);
  watch.heard(7, 0);
  assert.deepEqual(watchFor(watch, 1, 3), []);
  // The lid of the laptop was closed for an hour.
  assert.deepEqual(watchFor(watch, 3600, 3600), []);
  watch.heard(7, 3600 * SECOND + 1);
  assert.deepEqual(watchFor(watch, 3601, 3605), []);
  assert.deepEqual(watchFor(watch, 3606, 3606), [[3606, 7]]);
});

test('a slow master takes no live worker for dead, whatever the limit', () => {
  const watch = createSilenceWatch(() => 2 * SECOND);
  watch.born(7, 0);
  watch.heard(7, 0);
  watch.look(0);
  assert.deepEqual(watch.look(2900), [], 'what it sent meanwhile is still to be read');
});

test('without a limit nobody is ever found', () => {
  const watch = createSilenceWatch(() => 0);
  watch.born(7, 0);
  watch.heard(7, 0);
  assert.deepEqual(watchFor(watch, 1, 1000), []);
});

test('a process gives several signs of life within the limit, and seldom without one', () => {
  assert.equal(signPeriod(2000), 500);
  assert.equal(signPeriod(30_000), 7500);
  assert.equal(signPeriod(0), 10_000);
});

test('the limit of a process is that of its start', () => {
  let limit = 5 * SECOND;
  const watch = createSilenceWatch(() => limit);
  watch.born(7, 0);
  limit = 2 * SECOND;
  watch.born(8, 0);
  for (const pid of [7, 8]) watch.heard(pid, 0);
  assert.deepEqual(watchFor(watch, 1, 5), [
    [2, 8],
    [4, 8],
    [5, 7],
  ]);
});
