import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Health } from '../../../server/router/health.js';

test('a back end that cannot be reached is asked again after 1, 2, 4 and at most 30 seconds', () => {
  const health = new Health();
  let now = 0;
  for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
    health.unreachable(now, now);
    assert.equal(health.state(now + seconds * 1000 - 1), 'down');
    now += seconds * 1000;
    assert.equal(health.state(now), 'trying');
  }
  health.answered(now);
  assert.equal(health.state(now), 'up');
  health.unreachable(now, now);
  assert.equal(health.state(now + 1000), 'trying');
});

test('requests that were on their way when it failed do not make the wait longer', () => {
  const health = new Health();
  health.unreachable(100, 50);
  health.unreachable(101, 60);
  health.unreachable(102, 99);
  assert.equal(health.state(1100), 'trying');
});

test('one request finds out whether it is there again, and no other is given to it meanwhile', () => {
  const health = new Health();
  health.unreachable(0, 0);
  health.asked(1000);
  assert.equal(health.state(1001), 'down');
  health.answered(1002);
  assert.equal(health.state(1002), 'up');
});

test('a request without an answer in time is a failure only if nobody had one meanwhile', () => {
  const health = new Health();
  health.answered(500);
  health.silent(1000, 400);
  assert.equal(health.state(1000), 'up');
  health.silent(2000, 1000);
  assert.equal(health.state(2000), 'down');
});
