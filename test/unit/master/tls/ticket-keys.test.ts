import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TicketKeys } from '../../../../server/master/tls/ticket-keys.js';

const HOUR_MS = 3600 * 1000;

test('each place has keys of its own, and each master at first', () => {
  const keys = new TicketKeys();
  assert.equal(Buffer.from(keys.of('a'), 'base64').length, 48);
  assert.equal(keys.of('a'), keys.of('a'));
  assert.notEqual(keys.of('a'), keys.of('b'));
  assert.notEqual(keys.of('a'), new TicketKeys().of('a'));
});

test('a master that has inherited goes on with the same keys, and says so', () => {
  const [old, next] = [new TicketKeys(), new TicketKeys()];
  let changes = 0;
  next.watch(() => changes++);
  next.inherit(old.leave());
  assert.equal(next.of('a'), old.of('a'));
  next.inherit(old.leave());
  assert.equal(changes, 1, 'what is the same is no change');
  next.stop();
});

test('keys are made anew after twelve hours, and stay so long after that', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const keys = new TicketKeys();
  const seen = [keys.of('a')];
  keys.watch(() => seen.push(keys.of('a')));
  for (const hours of [11, 2, 12]) t.mock.timers.tick(hours * HOUR_MS);
  keys.stop();
  t.mock.timers.tick(24 * HOUR_MS);
  assert.equal(new Set(seen).size, 3);
  assert.equal(seen.length, 3);
});

test('what was inherited gets no older for having been handed over', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const keys = new TicketKeys();
  const secret = Buffer.alloc(48, 1).toString('base64');
  keys.watch(() => undefined);
  keys.inherit({ secret, ageMs: 11 * HOUR_MS });
  const inherited = keys.of('a');
  assert.ok(keys.leave().ageMs >= 11 * HOUR_MS);
  t.mock.timers.tick(HOUR_MS - 1000);
  assert.equal(keys.of('a'), inherited);
  t.mock.timers.tick(2000);
  assert.notEqual(keys.of('a'), inherited);
  assert.ok(keys.leave().ageMs < HOUR_MS);
  keys.stop();
});
