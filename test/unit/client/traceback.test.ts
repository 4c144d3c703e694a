import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecodedWorker } from '../../../shared/stats.js';
import { systemClock, type Clock } from '../../../top/client/clock.js';
import { openConnection } from '../../../top/client/connection.js';
import { fetchTracebacks } from '../../../top/client/traceback.js';
import { FedClient } from '../../support/fed-client.js';

/** Waits run out at once. */
function impatient(): Clock {
  let now = 0;
  return {
    now: () => now,
    after(ms, run) {
      const timer = setImmediate(() => {
        now += ms;
        run();
      });
      return () => {
        clearImmediate(timer);
      };
    },
  };
}

const worker = (id: number, pid = 100 + id): DecodedWorker => ({
  id,
  pid,
  status: 'idle',
  last_spawn: 7,
});

async function ask(client: FedClient, id: number | null, clock = systemClock) {
  const parts = { clock, intervalMs: 1000, reconnect: false, signal: undefined };
  const told = fetchTracebacks(openConnection(client, parts), { worker: id, clock });
  await client.started;
  return { told };
}

test('every worker that has a process is asked, one after the other', async () => {
  const client = new FedClient();
  client.answer = (id) => {
    client.tell({ type: 'reply', at: 0, id, ok: true, code: 'accepted', message: 'asking' });
    client.outcome(id, id === 1, `answer ${id}`);
  };
  const { told } = await ask(client, null);
  client.show(worker(1), worker(2, 0), worker(3));
  client.control(null);
  assert.deepEqual(await told, { ok: true, value: 'answer 1\n\nanswer 2\n' });
  assert.deepEqual(client.asked, [
    { name: 'traceback', worker: 1, pid: 101, spawned: 7 },
    { name: 'traceback', worker: 3, pid: 103, spawned: 7 },
  ]);
  assert.equal(client.closed, true);
});

test('what a server says has no effect on the terminal', async () => {
  const client = new FedClient();
  client.answer = (id) => {
    client.outcome(id, true, 'worker 1:\n  at \u001b[2Jevil (x.js)');
  };
  const { told } = await ask(client, 1);
  client.control(null);
  client.show(worker(1));
  assert.deepEqual(await told, { ok: true, value: 'worker 1:\n  at ?[2Jevil (x.js)\n' });
});

test('one that was named and cannot be asked is an error', async () => {
  for (const [id, error] of [
    [2, 'worker 2 has no process now'],
    [9, 'there is no worker 9'],
  ] as const) {
    const client = new FedClient();
    const { told } = await ask(client, id);
    client.show(worker(1), worker(2, 0));
    client.control(null);
    assert.deepEqual(await told, { ok: false, error });
    assert.equal(client.closed, true);
  }
  const client = new FedClient();
  client.answer = (id) => {
    client.tell({ type: 'reply', at: 0, id, ok: false, code: 'gone', message: 'it is gone' });
  };
  const { told } = await ask(client, 1);
  client.show(worker(1));
  client.control(null);
  assert.deepEqual(await told, { ok: false, error: 'it is gone' });
});

test('without control, a connection or an answer it ends with the reason', async () => {
  const refused = new FedClient();
  const { told: first } = await ask(refused, 1, impatient());
  refused.show(worker(1));
  refused.control('control is switched off');
  assert.deepEqual(await first, { ok: false, error: 'control is switched off' });

  const gone = new FedClient();
  const { told: second } = await ask(gone, 1);
  gone.control('the server is not connected');
  gone.tell({ type: 'disconnected', at: 0, message: 'nothing listens there', retryInMs: 1 });
  assert.deepEqual(await second, { ok: false, error: 'nothing listens there' });

  const deaf = new FedClient();
  const { told: fourth } = await ask(deaf, 1, impatient());
  deaf.show(worker(1));
  deaf.control(null);
  assert.deepEqual(await fourth, { ok: false, error: 'the server did not answer' });

  const silent = new FedClient();
  silent.answer = (id) => {
    silent.tell({ type: 'reply', at: 0, id, ok: true, code: 'accepted', message: 'asking' });
  };
  const { told: third } = await ask(silent, 1, impatient());
  silent.show(worker(1));
  silent.control(null);
  assert.deepEqual(await third, {
    ok: false,
    error: 'worker 1 (pid 101): the server did not answer',
  });
});

test('control that comes a little late is waited for', async () => {
  const client = new FedClient();
  client.answer = (id) => {
    client.outcome(id, true, 'idle');
  };
  const { told } = await ask(client, 1);
  client.control('the server took us for another');
  client.show(worker(1));
  client.control(null);
  assert.deepEqual(await told, { ok: true, value: 'idle\n' });
});
