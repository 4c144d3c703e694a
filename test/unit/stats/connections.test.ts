import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { connections } from '../../../server/stats/connections.js';

const never = (): void => assert.fail('nobody is turned away');

test('the oldest connection that said nothing makes room first, then the oldest raw reader', () => {
  const all = connections({ maxConnections: 3, maxPerPeer: 2 }, never);
  const [speaks, raw, first, second, third] = Array.from({ length: 5 }, () => new Socket());
  for (const socket of [raw!, speaks!, first!]) assert.ok(all.admit(socket, null));
  all.enter(raw!, 'raw');
  all.enter(speaks!, 'speaking');
  assert.ok(all.admit(second!, null));
  assert.ok(first!.destroyed);
  all.enter(second!, 'speaking');
  assert.ok(all.admit(third!, null));
  assert.ok(raw!.destroyed);
  assert.ok(!speaks!.destroyed && !second!.destroyed && !third!.destroyed);
});

test('when all speak, the new one is closed, and room is asked for', () => {
  let full = 0;
  const all = connections({ maxConnections: 1, maxPerPeer: 2 }, () => full++);
  const [old, late] = [new Socket(), new Socket()];
  all.admit(old, null);
  all.enter(old, 'speaking');
  assert.equal(all.admit(late, null), false);
  assert.ok(late.destroyed && !old.destroyed);
  assert.equal(full, 1);
});

test('a connection that closes makes room by itself', async () => {
  const all = connections({ maxConnections: 1, maxPerPeer: 2 }, never);
  const old = new Socket();
  all.admit(old, null);
  old.destroy();
  await once(old, 'close');
  assert.equal(all.size, 0);
});

test('draining ends as soon as the last connection does', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const all = connections({ maxConnections: 2, maxPerPeer: 2 }, never);
  const only = new Socket();
  all.admit(only, null);
  const drained = all.drain(1000);
  only.destroy();
  await drained;
});

test('draining cuts what is left after the grace', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const all = connections({ maxConnections: 2, maxPerPeer: 2 }, never);
  const [one, two] = [new Socket(), new Socket()];
  all.admit(one, null);
  all.admit(two, null);
  const drained = all.drain(1000);
  t.mock.timers.tick(999);
  assert.deepEqual([one.destroyed, two.destroyed], [false, false]);
  t.mock.timers.tick(1);
  await drained;
  assert.deepEqual([one.destroyed, two.destroyed], [true, true]);
});

test('one peer has so many connections and no more, and gets another when one of them ends', async () => {
  const all = connections({ maxConnections: 100, maxPerPeer: 2 }, never);
  const [first, second, third, other, fourth] = Array.from({ length: 5 }, () => new Socket());
  assert.ok(all.admit(first!, '192.0.2.1') && all.admit(second!, '192.0.2.1'));
  assert.equal(all.admit(third!, '192.0.2.1'), false);
  assert.ok(third!.destroyed && !first!.destroyed);
  assert.ok(all.admit(other!, '192.0.2.2'));
  first!.destroy();
  await once(first!, 'close');
  assert.ok(all.admit(fourth!, '192.0.2.1'));
});
