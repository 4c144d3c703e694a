import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from '../../../shared/commands.js';
import type { DecodedWorker } from '../../../shared/stats.js';
import type { StatsClient } from '../../../top/client/client.js';
import { systemClock, type Clock } from '../../../top/client/clock.js';
import { fetchTracebacks } from '../../../top/client/traceback.js';
import type { ClientEvent } from '../../../top/model/client-event.js';

/** A client that is fed by hand. */
class FedClient implements StatsClient {
  readonly asked: Command[] = [];
  closed = false;
  tell: (event: ClientEvent) => void = () => undefined;
  answer: (id: number, command: Command) => void = () => undefined;

  start(onEvent: (event: ClientEvent) => void): void {
    this.tell = onEvent;
  }
  setInterval(): void {
    throw new Error('not asked for');
  }
  refresh(): void {
    throw new Error('not asked for');
  }
  command(id: number, command: Command): void {
    this.asked.push(command);
    this.answer(id, command);
  }
  close(): void {
    this.closed = true;
  }

  show(...workers: DecodedWorker[]): void {
    const document = { kind: 'instance', instance: { workers }, damaged: false } as const;
    this.tell({ type: 'document', at: 0, transport: 'live', document });
  }
  control(reason: string | null): void {
    const control =
      reason === null ? { available: true as const } : { available: false as const, reason };
    this.tell({ type: 'control', at: 0, control });
  }
  outcome(id: number, good: boolean, message: string): void {
    const code = good ? 'done' : 'failed';
    this.tell({ type: 'outcome', at: 0, id, ok: good, code, message });
  }
}

/** Waits run out at once. */
const impatient: Clock = {
  now: () => 0,
  after(_ms, run) {
    const timer = setImmediate(run);
    return () => {
      clearImmediate(timer);
    };
  },
};

const worker = (id: number, pid = 100 + id): DecodedWorker => ({
  id,
  pid,
  status: 'idle',
  last_spawn: 7,
});

function ask(client: FedClient, id: number | null, clock = systemClock) {
  return fetchTracebacks(client, { worker: id, clock });
}

test('every worker that has a process is asked, one after the other', async () => {
  const client = new FedClient();
  client.answer = (id) => {
    client.tell({ type: 'reply', at: 0, id, ok: true, code: 'accepted', message: 'asking' });
    client.outcome(id, id === 1, `answer ${id}`);
  };
  const told = ask(client, null);
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
  const told = ask(client, 1);
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
    const told = ask(client, id);
    client.show(worker(1), worker(2, 0));
    client.control(null);
    assert.deepEqual(await told, { ok: false, error });
    assert.equal(client.closed, true);
  }
  const client = new FedClient();
  client.answer = (id) => {
    client.tell({ type: 'reply', at: 0, id, ok: false, code: 'gone', message: 'it is gone' });
  };
  const told = ask(client, 1);
  client.show(worker(1));
  client.control(null);
  assert.deepEqual(await told, { ok: false, error: 'it is gone' });
});

test('without control, a connection or an answer it ends with the reason', async () => {
  const refused = new FedClient();
  const first = ask(refused, 1, impatient);
  refused.control('control is switched off');
  assert.deepEqual(await first, { ok: false, error: 'control is switched off' });

  const gone = new FedClient();
  const second = ask(gone, 1);
  gone.control('the server is not connected');
  gone.tell({ type: 'disconnected', at: 0, message: 'nothing listens there', retryInMs: 1 });
  assert.deepEqual(await second, { ok: false, error: 'nothing listens there' });

  const silent = new FedClient();
  const third = ask(silent, 1, impatient);
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
  const told = ask(client, 1);
  client.control('the server took us for another');
  client.show(worker(1));
  client.control(null);
  assert.deepEqual(await told, { ok: true, value: 'idle\n' });
});
