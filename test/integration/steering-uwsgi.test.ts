import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { Command } from '../../shared/commands.js';
import type { DecodedInstance } from '../../shared/stats.js';
import type { ClientEvent, ControlState } from '../../top/model/client-event.js';
import { ClientLog } from '../support/client-log.js';
import { freePort, startUwsgi, WITHOUT_UWSGI } from '../support/real-uwsgi.js';
import { tcpServer } from '../support/stats-servers.js';

/** Each worker loads it by itself, and waits for a file in its folder. */
const LOADS_UNTIL_TOLD = `
import os, time
while not os.path.exists('go'): time.sleep(0.05)
def application(env, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'ok']
`;

type DocumentEvent = Extract<ClientEvent, { readonly type: 'document' }>;

function workersOf({ document }: DocumentEvent): DecodedInstance['workers'] {
  return document.kind === 'instance' ? document.instance.workers : [];
}

function pidsOf(event: DocumentEvent): number[] {
  return workersOf(event).map(({ pid }) => pid);
}

/** Waits until commands can be sent, and tells what cannot be done all the same. */
async function controlled(log: ClientLog): Promise<Extract<ControlState, { available: true }>> {
  const { control } = await log.until('control', (event) => event.control.available);
  assert.ok(control.available);
  return control;
}

/**
 * A document in which every worker has filled in its row and accepts: a chain reload of uWSGI passes
 * over those that do not, and says "chain reloading complete" all the same.
 */
async function settled(log: ClientLog, from = 0): Promise<DocumentEvent> {
  return log.until(
    'document',
    (event) =>
      workersOf(event).every(
        ({ id, pid, status, accepting }) =>
          id > 0 && pid > 0 && status === 'idle' && accepting === 1,
      ),
    from,
  );
}

/** Gives a command and waits for its outcome. */
async function done(
  log: ClientLog,
  id: number,
  command: Command,
  said: () => string = () => '',
): Promise<string> {
  const from = log.events.length;
  log.client.command(id, command);
  const reply = await log.until('reply', (event) => event.id === id, from);
  assert.ok(reply.ok, reply.message);
  const outcome = await log
    .until('outcome', (event) => event.id === id, from)
    .catch((error: unknown) => {
      throw new Error(`uWSGI said:\n${said()}`, { cause: error });
    });
  assert.ok(outcome.ok, outcome.message);
  return outcome.message;
}

describe('a real uWSGI is steered', { skip: WITHOUT_UWSGI, timeout: 120_000 }, () => {
  test('by its master FIFO: reload and chain reload replace every process', async () => {
    await using uwsgi = await startUwsgi((folder) => [
      ...['--stats', path.join(folder, 'stats.sock')],
      ...['--master-fifo', path.join(folder, 'master.fifo')],
    ]);
    const fifo = path.join(uwsgi.folder, 'master.fifo');
    using log = new ClientLog(path.join(uwsgi.folder, 'stats.sock'), { fifo });
    const before = await settled(log);
    assert.deepEqual(await controlled(log), { available: true });
    const message = await done(log, 1, { name: 'reload', how: 'chain' }, uwsgi.log);
    assert.equal(message, '2 workers run as new processes');
    const between = await settled(log, log.events.length);
    await done(log, 2, { name: 'reload' }, uwsgi.log);
    const after = await settled(log, log.events.length);
    const pids = [before, between, after].flatMap(pidsOf);
    assert.equal(new Set(pids).size, 6, pids.join(' '));
  });

  test('but not by a chain reload that would pass over workers which do not accept yet', async () => {
    await using uwsgi = await startUwsgi(
      (folder) => [
        ...['--stats', path.join(folder, 'stats.sock'), '--lazy-apps'],
        ...['--master-fifo', path.join(folder, 'master.fifo')],
      ],
      { application: LOADS_UNTIL_TOLD },
    );
    const fifo = path.join(uwsgi.folder, 'master.fifo');
    using log = new ClientLog(path.join(uwsgi.folder, 'stats.sock'), { fifo });
    await log.until('document', (event) => {
      const workers = workersOf(event);
      return (
        workers.length > 0 && workers.every(({ accepting, pid }) => accepting === 0 && pid > 0)
      );
    });
    await controlled(log);
    log.client.command(1, { name: 'reload', how: 'chain' });
    const reply = await log.until('reply', ({ id }) => id === 1);
    assert.equal(reply.ok, false);
    assert.match(reply.message, /not accept yet, and a chain reload of uWSGI passes over such/);
    writeFileSync(path.join(uwsgi.folder, 'go'), '');
    await settled(log, log.events.length);
    await done(log, 2, { name: 'reload', how: 'chain' }, uwsgi.log);
  });

  for (const [what, stats] of [
    ['a unix socket', () => ['--stats', 'stats.sock']],
    ['loopback TCP', async () => ['--stats', `127.0.0.1:${await freePort()}`]],
  ] as const) {
    test(`by signals where it is proven to hold ${what}`, async () => {
      const options = await stats();
      await using uwsgi = await startUwsgi(() => options);
      const place = options[1] ?? '';
      using log = new ClientLog(place.includes(':') ? place : path.join(uwsgi.folder, place));
      const before = await settled(log);
      const { limits } = await controlled(log);
      assert.match(limits?.chain ?? '', /master-fifo/);
      assert.equal(limits?.worker, undefined);
      const [first, second] = workersOf(before);
      assert.ok(first !== undefined && second !== undefined);
      const target = { worker: first.id, pid: first.pid, spawned: first.last_spawn ?? 0 };
      const message = await done(log, 1, { name: 'kill-worker', signal: 'KILL', ...target });
      assert.match(message, new RegExp(`^worker ${first.id} runs as pid \\d+$`));
      const killed = await settled(log, log.events.length);
      assert.ok(!pidsOf(killed).includes(first.pid));
      assert.ok(pidsOf(killed).includes(second.pid));

      log.client.command(2, { name: 'kill-worker', signal: 'KILL', ...target });
      const late = await log.until('reply', ({ id }) => id === 2);
      assert.equal(late.code, 'gone');

      await done(log, 3, { name: 'reload' });
      const reloaded = await settled(log, log.events.length);
      assert.ok(!pidsOf(killed).some((pid) => pidsOf(reloaded).includes(pid)));
    });
  }

  test('but not when another process of the same user answers in its name', async () => {
    await using uwsgi = await startUwsgi((folder) => ['--stats', path.join(folder, 'stats.sock')]);
    using honest = new ClientLog(path.join(uwsgi.folder, 'stats.sock'));
    const { stats } = await honest.until('document');
    await using liar = await tcpServer((socket) => socket.end(JSON.stringify(stats)));
    using log = new ClientLog(`127.0.0.1:${liar.port}`);
    await log.untilRefused(/does not hold the socket that answers: use its master-fifo/);
  });
});

test('a document never gets a process signalled that does not hold its socket', async () => {
  const bystander = spawn('sleep', ['600'], { stdio: 'ignore' });
  const exited = once(bystander, 'exit');
  const { pid = 0 } = bystander;
  const worker = { id: 1, pid, status: 'idle', last_spawn: 1, cores: [] };
  const document = { version: '2.0.21', pid, workers: [worker] };
  await using server = await tcpServer((socket) => socket.end(JSON.stringify(document)));
  using log = new ClientLog(`127.0.0.1:${server.port}`);
  await log.untilRefused(new RegExp(`process ${pid} does not hold the socket`));
  const target = { worker: 1, pid, spawned: 1 };
  log.client.command(1, { name: 'reload' });
  log.client.command(2, { name: 'reload-worker', ...target });
  log.client.command(3, { name: 'kill-worker', signal: 'KILL', ...target });
  for (const id of [1, 2, 3]) {
    const reply = await log.until('reply', (event) => event.id === id);
    assert.equal(reply.ok, false);
  }
  assert.equal(bystander.exitCode ?? bystander.signalCode, null);
  bystander.kill();
  assert.deepEqual(await exited, [null, 'SIGTERM']);
});

test('a server of this very process may not make it signal its own children', async () => {
  // The socket is held by the pid that the document names as master: only the workers are a lie.
  const stranger = spawn('sh', ['-c', 'sleep 600 & echo $!; wait'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const [line] = (await once(stranger.stdout, 'data')) as [Buffer];
  const grandchild = Number(line.toString());
  const worker = { id: 1, pid: grandchild, status: 'idle', last_spawn: 1, cores: [] };
  const document = { version: '2.0.21', pid: process.pid, workers: [worker] };
  await using server = await tcpServer((socket) => socket.end(JSON.stringify(document)));
  using log = new ClientLog(`127.0.0.1:${server.port}`);
  await log.untilRefused(/none of the workers was started by process/);
  process.kill(-(stranger.pid ?? 0), 'SIGKILL');
});
