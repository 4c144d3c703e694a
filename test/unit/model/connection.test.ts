import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelFreshness } from '../../../top/model/currency.js';
import { staleAfter } from '../../../top/model/connection.js';
import { client, instanceAt, play, start, tick } from '../../support/dashboard.js';
import { instance, worker } from '../../support/stats-builder.js';

const document = instance([worker(1)]);
const refused = (at: number) =>
  client({ type: 'disconnected', at, message: 'refused\u0007', retryInMs: 2000 });

const fresh = (...messages: Parameters<typeof play>[1]) =>
  modelFreshness(play(start(), messages).model);

test('before the first document the screen waits', () => {
  assert.deepEqual(fresh(tick(10)), { kind: 'waiting' });
  assert.deepEqual(fresh(client({ type: 'connecting', at: 5 }), tick(10)), { kind: 'waiting' });
});

test('a document is live until two intervals, at least a second, have passed', () => {
  assert.deepEqual(fresh(instanceAt(100, document), tick(500)), { kind: 'live', age: 400 });
  assert.deepEqual(fresh(instanceAt(100, document), tick(2100)), { kind: 'live', age: 2000 });
  assert.deepEqual(fresh(instanceAt(100, document), tick(4100)), { kind: 'stale', age: 4000 });
  assert.equal(staleAfter(100), 1000);
  assert.equal(staleAfter(5000), 10_000);
});

test('a broken connection counts down to the next try and keeps its reason while it tries', () => {
  const broken = [instanceAt(100, document), refused(1000)];
  assert.deepEqual(fresh(...broken, tick(1500)), {
    kind: 'disconnected',
    message: 'refused?',
    age: 1400,
    retryIn: 1500,
  });
  assert.deepEqual(fresh(...broken, client({ type: 'connecting', at: 3000 }), tick(3100)), {
    kind: 'disconnected',
    message: 'refused?',
    age: 3000,
    retryIn: 0,
  });
  assert.deepEqual(fresh(...broken, instanceAt(3200, document)), { kind: 'live', age: 0 });
});

test('an answer that cannot be shown is a problem, and the last good document keeps its age', () => {
  const problem = client({ type: 'problem', at: 900, message: 'not JSON' });
  assert.deepEqual(fresh(instanceAt(100, document), problem), {
    kind: 'problem',
    message: 'not JSON',
    age: 800,
  });
  assert.deepEqual(fresh(problem), { kind: 'problem', message: 'not JSON', age: null });
});

test('time never runs backwards, in whatever order messages arrive', () => {
  const { model } = play(start(), [tick(5000), instanceAt(100, document), tick(4000)]);
  assert.equal(model.now, 5000);
});
