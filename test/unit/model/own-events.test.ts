import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  busyShop,
  busyModel,
  client,
  instanceAt,
  keys,
  play,
  start,
  tick,
} from '../../support/dashboard.js';
import { told } from '../../support/happened.js';

const lost = (at: number) =>
  client({ type: 'disconnected', at, message: 'read ECONNRESET', retryInMs: 1000 });
const seen = (model: ReturnType<typeof start>): string[] =>
  told(model.events.events).filter((line) => /^(lost|back|action)/.test(line));

test('a connection is lost once, however often it is tried, and comes back', () => {
  const model = play(busyModel(80, 24), [
    lost(62_000),
    client({ type: 'connecting', at: 63_000 }),
    lost(63_100),
    tick(64_000),
    lost(65_000),
    instanceAt(66_000, busyShop(66)),
  ]).model;
  assert.deepEqual(seen(model), [
    'lost: connection lost: read ECONNRESET',
    'back: connected again after 4s',
  ]);
});

test('a server that was never reached is not called lost', () => {
  const model = play(start(), [tick(1), lost(100), lost(2000)]).model;
  assert.deepEqual(seen(model), ['lost: not connected: read ECONNRESET']);
});

test('an action is told when it is sent and when its outcome is known', () => {
  const asked = play(busyModel(80, 24), keys('down', 'R', 'tab', 'enter')).model;
  const answer = { at: 61_000, id: 1, ok: true, code: 'done' } as const;
  const model = play(asked, [
    client({ type: 'reply', ...answer, code: 'accepted', message: 'on its way' }),
    client({ type: 'outcome', ...answer, message: 'pid 7 ready in 0.4 s' }),
  ]).model;
  assert.deepEqual(seen(model), [
    'action: reload of worker 1 (pid 21409): sent from here',
    'action: reload of worker 1 (pid 21409): done, pid 7 ready in 0.4 s',
  ]);
  assert.deepEqual(
    model.events.events.filter(({ kind }) => kind === 'action').map(({ worker }) => worker),
    [1, 1],
  );
});

test('what the dashboard sees itself has its place among what the server tells', () => {
  const { events } = play(busyModel(80, 24), [lost(62_000)]).model.events;
  const at = events.at(-1);
  // The clock of the server goes on from its last document.
  assert.equal(at?.kind, 'lost');
  assert.equal(Math.round(at.time * 1000) % 1000, 999);
});
