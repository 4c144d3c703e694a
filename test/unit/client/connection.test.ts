import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatsError } from '../../../shared/stats-error.js';
import { openConnection } from '../../../top/client/connection.js';
import type { ConnectionState } from '../../../top/client/connection-state.js';
import { FedClient } from '../../support/fed-client.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const one = { id: 1, pid: 7, status: 'idle' };
const reload = { name: 'reload' } as const;

/** A connection whose client is fed by the test, and which has just been started. */
function open(more: { reconnect?: boolean; signal?: AbortSignal } = {}) {
  const clock = createVirtualClock();
  const client = new FedClient();
  const { reconnect = true, signal } = more;
  const connection = openConnection(client, { clock, intervalMs: 1000, reconnect, signal });
  const states: ConnectionState[] = [];
  connection.onState((state) => states.push(state));
  clock.advance(0);
  return { clock, client, connection, states };
}

const names = (states: readonly ConnectionState[]): string[] => states.map(({ name }) => name);

/** Fails as the test expects, with a code. */
async function rejectsWith(promise: Promise<unknown>, code: string, message: RegExp) {
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof StatsError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

test('who listens at once misses nothing', () => {
  const clock = createVirtualClock();
  const client = new FedClient();
  const parts = { clock, intervalMs: 1000, reconnect: true, signal: undefined };
  const connection = openConnection(client, parts);
  client.tell({ type: 'connecting', at: 0 });
  const heard: string[] = [];
  connection.onEvent(({ type }) => heard.push(type));
  clock.advance(0);
  client.tell({ type: 'connecting', at: 0 });
  client.show(one);
  assert.deepEqual(heard, ['connecting', 'document']);
});

test('its state goes from connecting over connected and stale to reconnecting and back', () => {
  const { clock, client, connection, states } = open();
  assert.deepEqual(connection.state, { name: 'connecting' });
  assert.equal(connection.age, null);
  client.show(one);
  clock.advance(1500);
  assert.equal(connection.age, 1500);
  client.show(one);
  clock.advance(2100);
  assert.deepEqual(names(states), ['connected', 'stale']);
  client.show(one);
  client.lose('nothing listens there');
  client.tell({ type: 'connecting', at: 0 });
  client.lose('nothing listens there');
  client.tell({ type: 'problem', at: 0, message: 'no JSON' });
  client.show(one);
  connection.close();
  assert.deepEqual(states.slice(2), [
    { name: 'connected' },
    { name: 'reconnecting', message: 'nothing listens there', retryInMs: 0 },
    { name: 'damaged', message: 'no JSON' },
    { name: 'connected' },
    { name: 'closed' },
  ]);
  assert.equal(clock.pending, 0);
});

test('a longer interval makes a document stale later', () => {
  const { clock, client, connection, states } = open();
  client.show(one);
  connection.setInterval(5000);
  assert.deepEqual(client.intervals, [5000]);
  clock.advance(9000);
  assert.deepEqual(names(states), ['connected']);
  clock.advance(1100);
  assert.deepEqual(names(states), ['connected', 'stale']);
  for (const wrong of [99, 60_001, NaN]) {
    assert.throws(() => {
      connection.setInterval(wrong);
    }, /interval: .* is not between 100 and 60000/);
  }
});

test('a listener that left hears nothing more', () => {
  const { client, connection } = open();
  let heard = 0;
  const leave = [connection.onState(() => heard++), connection.onEvent(() => heard++)];
  client.show(one);
  for (const each of leave) each();
  client.lose('gone');
  assert.equal(heard, 2);
});

test('a snapshot says what answered, and how', async () => {
  const { client, connection } = open();
  const reader = connection[Symbol.asyncIterator]();
  client.show(one);
  const first = (await reader.next()).value;
  assert.deepEqual(first?.instance, { workers: [one] });
  assert.deepEqual([first.emperor, first.damaged, first.transport], [null, false, 'live']);
  const emperor = { emperor: ['*.ini'], vassals: [] };
  const document = { kind: 'emperor', emperor, damaged: true } as const;
  client.tell({ type: 'document', at: 0, transport: 'raw', document });
  const second = (await reader.next()).value;
  assert.deepEqual(second?.emperor, emperor);
  assert.deepEqual([second.instance, second.damaged, second.transport], [null, true, 'raw']);
});

test('a command waits for control, and gets its reply and its outcome', async () => {
  const { client, connection } = open();
  client.answer = (id) => {
    client.reply(id, true, 'reloading');
  };
  const asked = connection.command(reload);
  assert.deepEqual(client.asked, []);
  client.control('not yet');
  client.control(null);
  const accepted = await asked;
  assert.equal(accepted.message, 'reloading');
  client.outcome(1, true, '2/2');
  assert.deepEqual(await accepted.outcome, { ok: true, code: 'done', message: '2/2' });
});

test('the outcome of a reload has the problems of a configuration that was refused', async () => {
  const { client, connection } = open();
  client.control(null);
  client.answer = (id) => {
    client.outcome(id, true, '2/2', ['app.ini:4: wrong']);
  };
  const { outcome } = await connection.command(reload);
  assert.deepEqual((await outcome).problems, ['app.ini:4: wrong']);
});

test('what the server refuses is an error under its code', async () => {
  const { client, connection } = open();
  client.control(null);
  client.answer = (id) => {
    client.reply(id, false, 'that worker is gone');
  };
  await rejectsWith(connection.command(reload), 'gone', /that worker is gone/);
});

test('an outcome without a reply is one, and answers to other commands are nobody else’s', async () => {
  const { client, connection } = open();
  client.control(null);
  client.answer = (id) => {
    client.reply(id + 1, false, 'not yours');
    client.outcome(id, false, 'it failed');
  };
  const { outcome } = await connection.command(reload);
  assert.deepEqual(await outcome, { ok: false, code: 'failed', message: 'it failed' });
});

test('without control, without a server and without an answer a command is given up', async () => {
  const refused = open();
  refused.client.control('there is no key');
  const first = refused.connection.command(reload);
  refused.clock.advance(1500);
  await rejectsWith(first, 'no-control', /there is no key/);
  await rejectsWith(refused.connection.command(reload), 'no-control', /there is no key/);

  const lost = open();
  const second = lost.connection.command(reload);
  lost.client.lose('nothing listens there');
  await rejectsWith(second, 'unreachable', /nothing listens there/);

  const silent = open();
  silent.client.control(null);
  const third = silent.connection.command(reload);
  await Promise.resolve();
  silent.clock.advance(10_000);
  await rejectsWith(third, 'failed', /did not answer/);
});

test('closing settles what is open and ends every loop, once', async () => {
  const { client, connection, states, clock } = open();
  client.answer = (id) => {
    if (id === 1) client.reply(id, true, 'reloading');
  };
  client.control(null);
  const { outcome } = await connection.command(reload);
  const unanswered = connection.command(reload);
  const loop = connection[Symbol.asyncIterator]().next();
  await Promise.resolve();
  connection.close();
  await connection[Symbol.asyncDispose]();
  assert.deepEqual(await loop, { done: true, value: undefined });
  await rejectsWith(unanswered, 'closed', /was closed/);
  const { ok, message } = await outcome;
  assert.deepEqual([ok, message.includes('not known whether this was done')], [false, true]);
  await rejectsWith(connection.command(reload), 'closed', /was closed/);
  assert.deepEqual(names(states), ['closed']);
  assert.equal(client.closed, true);
  assert.equal(clock.pending, 0);
});

test('a signal ends it with its reason, and leaves no listener behind', async () => {
  const controller = new AbortController();
  const { client, connection } = open({ signal: controller.signal });
  const loop = connection[Symbol.asyncIterator]().next();
  const reason = new Error('enough');
  controller.abort(reason);
  await assert.rejects(loop, { name: 'StatsError', code: 'aborted', cause: reason });
  assert.equal(client.closed, true);
  await rejectsWith(connection.command(reload), 'aborted', /given up/);
});

test('with reconnect: false a server that is out of reach ends it', async () => {
  const { client, connection, states } = open({ reconnect: false });
  const loop = connection[Symbol.asyncIterator]().next();
  client.lose('nothing listens there');
  await rejectsWith(loop, 'unreachable', /nothing listens there/);
  assert.equal(client.closed, true);
  assert.deepEqual(names(states), ['reconnecting', 'closed']);
});
