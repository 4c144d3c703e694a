import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { connections } from '../../../server/stats/connections.js';

const never = (): void => assert.fail('nobody is turned away');

test('the oldest connection that said nothing makes room first, then the oldest raw reader', () => {
  const all = connections(3, never);
  const [speaks, raw, first, second, third] = Array.from({ length: 5 }, () => new Socket());
  for (const socket of [raw!, speaks!, first!]) assert.ok(all.admit(socket));
  all.enter(raw!, 'raw');
  all.enter(speaks!, 'speaking');
  assert.ok(all.admit(second!));
  assert.ok(first!.destroyed);
  all.enter(second!, 'speaking');
  assert.ok(all.admit(third!));
  assert.ok(raw!.destroyed);
  assert.ok(!speaks!.destroyed && !second!.destroyed && !third!.destroyed);
});

test('when all speak, the new one is closed, and room is asked for', () => {
  let full = 0;
  const all = connections(1, () => full++);
  const [old, late] = [new Socket(), new Socket()];
  all.admit(old);
  all.enter(old, 'speaking');
  assert.equal(all.admit(late), false);
  assert.ok(late.destroyed && !old.destroyed);
  assert.equal(full, 1);
});

test('a connection that closes makes room by itself', async () => {
  const all = connections(1, never);
  const old = new Socket();
  all.admit(old);
  old.destroy();
  await once(old, 'close');
  assert.equal(all.size, 0);
});

test('draining ends as soon as the last connection does', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const all = connections(2, never);
  const only = new Socket();
  all.admit(only);
  const drained = all.drain(1000);
  only.destroy();
  await drained;
});

test('draining cuts what is left after the grace', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const all = connections(2, never);
  const [one, two] = [new Socket(), new Socket()];
  all.admit(one);
  all.admit(two);
  const drained = all.drain(1000);
  t.mock.timers.tick(999);
  assert.deepEqual([one.destroyed, two.destroyed], [false, false]);
  t.mock.timers.tick(1);
  await drained;
  assert.deepEqual([one.destroyed, two.destroyed], [true, true]);
});
