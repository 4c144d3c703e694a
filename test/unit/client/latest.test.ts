import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Latest } from '../../../top/client/latest.js';

test('a slow consumer gets the newest and nothing of what came between', async () => {
  const latest = new Latest<number>();
  const reader = latest[Symbol.asyncIterator]();
  const first = reader.next();
  latest.publish(1);
  assert.deepEqual(await first, { done: false, value: 1 });
  for (let value = 2; value <= 1000; value++) latest.publish(value);
  assert.deepEqual(await reader.next(), { done: false, value: 1000 });
  const next = reader.next();
  latest.publish(1001);
  assert.deepEqual(await next, { done: false, value: 1001 });
});

test('consumers do not take from each other, and a late one begins with the newest', async () => {
  const latest = new Latest<number>();
  const early = latest[Symbol.asyncIterator]();
  latest.publish(1);
  await early.next();
  latest.publish(2);
  const late = latest[Symbol.asyncIterator]();
  assert.equal((await late.next()).value, 2);
  assert.equal((await early.next()).value, 2);
});

test('an end is seen by who waits and by who comes later, and nothing after it', async () => {
  const latest = new Latest<number>();
  const waiting = latest[Symbol.asyncIterator]().next();
  latest.publish(1);
  const slow = latest[Symbol.asyncIterator]();
  latest.end(null);
  latest.publish(2);
  latest.end(new Error('too late'));
  assert.deepEqual(await waiting, { done: true, value: undefined });
  assert.deepEqual(await slow.next(), { done: true, value: undefined });
});

test('an end with an error is thrown into every loop', async () => {
  const latest = new Latest<number>();
  const waiting = latest[Symbol.asyncIterator]().next();
  latest.end(new Error('lost'));
  await assert.rejects(waiting, /lost/);
  await assert.rejects(latest[Symbol.asyncIterator]().next(), /lost/);
});
