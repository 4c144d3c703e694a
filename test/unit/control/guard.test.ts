import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGuard } from '../../../server/control/guard.js';

const limits = { maxPeerFailures: 3, lockOutMs: 60_000, maxCommandsPerSecond: 2 };

test('the third wrong key locks a peer out, once, for a minute, and nobody else', () => {
  let now = 0;
  const guard = createGuard(limits, () => now);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => guard.failed('a')),
    [false, false, true, false],
  );
  assert.equal(guard.isLockedOut('a'), true);
  assert.equal(guard.isLockedOut('b'), false);
  now = 59_999;
  assert.equal(guard.isLockedOut('a'), true);
  now = 60_000;
  assert.equal(guard.isLockedOut('a'), false);
  assert.equal(guard.failed('a'), false, 'it begins anew');
});

test('wrong keys that are far apart lock nobody out', () => {
  let now = 0;
  const guard = createGuard(limits, () => now);
  for (let count = 0; count < 10; count++) {
    assert.equal(guard.failed('a'), false);
    now += 60_000;
  }
});

test('who cannot be told apart is never locked out', () => {
  const guard = createGuard(limits, () => 0);
  for (let count = 0; count < 10; count++) assert.equal(guard.failed(null), false);
  assert.equal(guard.isLockedOut(null), false);
});

test('a second holds so many commands of a peer', () => {
  let now = 0;
  const guard = createGuard(limits, () => now);
  assert.deepEqual(
    [1, 2, 3].map(() => guard.admits('a')),
    [true, true, false],
  );
  assert.equal(guard.admits('b'), true);
  now = 1000;
  assert.equal(guard.admits('a'), true);
});

test('strangers are forgotten before they fill the memory', () => {
  const guard = createGuard({ ...limits, maxPeerFailures: 1 }, () => 0);
  for (let peer = 0; peer <= 10_000; peer++) guard.failed(`peer ${peer}`);
  assert.equal(guard.isLockedOut('peer 0'), false);
  assert.equal(guard.isLockedOut('peer 1'), true);
});
