import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateAndTime, isoTime, timeOfDay } from '../../../top/view/time-of-day.js';

test('times have a fixed width', () => {
  const noon = new Date(2026, 0, 5, 12, 3, 7).getTime() / 1000;
  assert.equal(timeOfDay(noon), '12:03:07');
  assert.equal(dateAndTime(noon), '2026-01-05 12:03:07');
  assert.equal(isoTime(1_795_327_428.5), '2026-11-22T06:03:48.500Z');
});

test('what a server claims for a time and is none is shown as unknown', () => {
  for (const seconds of [8.64e12 + 1, Number.MAX_VALUE, Infinity, NaN, -1]) {
    assert.equal(timeOfDay(seconds), '--:--:--');
    assert.equal(dateAndTime(seconds), '---------- --:--:--');
    assert.equal(isoTime(seconds), '');
  }
});
