import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeFolder } from '../support/folder.js';
import { get, hold, startLoad } from '../support/http.js';
import { CATSERVE, descendants, isAlive, startServer } from '../support/server.js';
import { eventually } from '../support/eventually.js';

const app = ['--module', CATSERVE, '--disable-logging'];

test('the master binds, spawns its workers and says so in the words of uWSGI', async (t) => {
  const server = startServer(t, [...app, '-p', '2']);
  const { workers, pid } = await server.ready();
  assert.equal(pid, server.pid);
  const [first, second] = workers;
  for (const line of [
    /^\*\*\* Starting tsuwsgi [\d.]+ \(node v.+\) \*\*\*$/m,
    /^SIGTERM stops after the requests in flight/m,
    /^tsuwsgi socket 0 bound to TCP address 127\.0\.0\.1:\d+ fd \d+$/m,
    new RegExp(`^spawned tsuwsgi master process \\(pid: ${server.pid}\\)$`, 'm'),
    new RegExp(`^spawned tsuwsgi worker 1 \\(pid: ${first!.pid}, cores: 1\\)$`, 'm'),
    new RegExp(`^spawned tsuwsgi worker 2 \\(pid: ${second!.pid}, cores: 1\\)$`, 'm'),
    /^\*\*\* Stats server enabled on 127\.0\.0\.1:\d+ \*\*\*$/m,
  ]) {
    assert.match(server.output, line);
  }
  // Once, at its start, the master has `getconf` tell the size of a page.
  await eventually('the workers to be its only children', () => {
    const pids = workers.map((worker) => worker.pid);
    return descendants(server.pid).toSorted().join() === pids.toSorted().join();
  });
});

test('a worker that is killed is respawned under its id, and its counts stay', async (t) => {
  const server = startServer(t, [...app, '-p', '1']);
  await server.ready();
  for (let i = 0; i < 5; i++) await get(await server.url('/health'));
  const before = await server.until('5 requests', ({ workers }) => workers[0]!.requests === 5);
  process.kill(before.workers[0]!.pid, 'SIGKILL');
  const after = await server.until(
    'a new process',
    ({ workers }) => workers[0]!.accepting === 1 && workers[0]!.pid !== before.workers[0]!.pid,
  );
  const [worker] = after.workers;
  assert.equal(worker!.requests, 5);
  assert.equal(worker!.delta_requests, 0);
  assert.equal(worker!.respawn_count, 2);
  assert.equal(worker!.last_exit?.signal, 'SIGKILL');
  assert.equal(worker!.last_exit.reason, 'crash');
  const dead = before.workers[0]!.pid;
  assert.match(
    server.output,
    new RegExp(
      `DAMN ! worker 1 \\(pid: ${dead}\\) died, killed by signal 9 :\\( trying respawn \\.\\.\\.\n` +
        `Respawned tsuwsgi worker 1 \\(new pid: ${worker!.pid}\\)`,
    ),
  );
});

test('killing one worker under load costs only the requests it had', async (t) => {
  const server = startServer(t, [...app, '-p', '2']);
  const { workers } = await server.ready();
  const load = startLoad(await server.url('/health'), 4, false);
  await eventually('answers', () => load.answered() > 50);
  process.kill(workers[0]!.pid, 'SIGKILL');
  await server.until('the respawn', (stats) => stats.workers[0]!.respawn_count === 2);
  const answered = load.answered();
  await eventually('answers after the respawn', () => load.answered() > answered + 50);
  const { failures } = await load.stop();
  // At most what was in the dead worker's hands: one request of each client.
  assert.ok(failures.length <= 4, failures.join('\n'));
});

test('with every worker killed at once, clients wait in the kernel and are answered', async (t) => {
  const server = startServer(t, [...app, '-p', '2']);
  const { workers } = await server.ready();
  const url = await server.url('/health');
  // Stopped workers accept nothing: whoever connects now is in the kernel's queue.
  for (const { pid } of workers) process.kill(pid, 'SIGSTOP');
  const clients = Array.from({ length: 20 }, () => get(url));
  await server.until('clients in the queue', (stats) => stats.listen_queue >= 20);
  for (const { pid } of workers) process.kill(pid, 'SIGKILL');
  const answers = await Promise.all(clients);
  assert.deepEqual(
    answers.map(({ status }) => status),
    answers.map(() => 200),
  );
  const after = await server.ready();
  assert.ok(after.workers.every((worker) => worker.respawn_count === 2));
});

for (const options of [[], ['--no-orphans']]) {
  const under = options.length === 0 ? '' : ` under ${options.join(' ')}`;
  test(`when the master is killed${under}, no worker is left within two seconds`, async (t) => {
    const server = startServer(t, [...app, '-p', '2', ...options]);
    const { workers } = await server.ready();
    const url = await server.url('/block?s=20');
    void get(url).catch(() => undefined);
    await server.until('a blocked worker', (stats) => stats.workers.some((w) => w.stalled_ms > 0));
    server.kill('SIGKILL');
    await server.exited();
    const start = performance.now();
    await eventually('both workers to be gone', () => workers.every(({ pid }) => !isAlive(pid)));
    assert.ok(performance.now() - start < 2000, 'it took longer');
  });
}

test('when the master is killed while a worker is blocked by loading, it is not left either', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': "console.error('loading');\nfor (;;);\n" });
  const server = startServer(t, ['--module', 'app.mjs', '-p', '1'], { cwd });
  await server.logged(/^loading$/m);
  const pids = descendants(server.pid);
  assert.ok(pids.length > 0);
  server.kill('SIGKILL');
  await server.exited();
  await eventually('its end', () => !pids.some(isAlive));
});

test('a worker that crashes again and again is held back, longer each time', async (t) => {
  const server = startServer(t, [...app, '-p', '1']);
  let { pid } = (await server.ready()).workers[0]!;
  for (let i = 0; i < 4; i++) {
    process.kill(pid, 'SIGKILL');
    const dead = pid;
    const { workers } = await server.until('the next process or a wait', ({ workers: [worker] }) =>
      i === 3 ? worker!.state === 'backoff' : worker!.accepting === 1 && worker!.pid !== dead,
    );
    pid = workers[0]!.pid;
  }
  assert.match(server.output, /:\( trying respawn in 0\.[45] seconds \.\.\./);
  await server.ready();
});

test('SIGINT stops at once and leaves nothing behind', async (t) => {
  const server = startServer(t, [...app, '-p', '2']);
  const { workers } = await server.ready();
  server.kill('SIGINT');
  assert.equal(await server.exited(), 0);
  assert.ok(workers.every(({ pid }) => !isAlive(pid)));
  assert.match(server.output, /goodbye to tsuwsgi\.\n$/);
});

test('SIGTERM lets the requests in flight finish, and accepts no more', async (t) => {
  const server = startServer(t, [...app, '-p', '1']);
  await server.ready();
  const slow = get(await server.url('/slow?s=1'));
  await server.until('the slow request', (stats) => stats.in_flight === 1);
  server.kill('SIGTERM');
  assert.equal((await slow).status, 200);
  assert.equal(await server.exited(), 0);
});

test('a second SIGTERM no longer waits', async (t) => {
  const server = startServer(t, [...app, '-p', '1']);
  await server.ready();
  const slow = get(await server.url('/slow?s=20'));
  const cut = assert.rejects(slow);
  await server.until('the slow request', (stats) => stats.in_flight === 1);
  server.kill('SIGTERM');
  await server.logged(/workers finish their requests/);
  server.kill('SIGTERM');
  assert.equal(await server.exited(), 0);
  await cut;
});

test('a blocked worker does not hold up SIGINT', async (t) => {
  const server = startServer(t, [...app, '-p', '1']);
  await server.ready();
  void get(await server.url('/block?s=30')).catch(() => undefined);
  await server.until('a blocked worker', (stats) => stats.workers[0]!.stalled_ms > 0);
  server.kill('SIGINT');
  assert.equal(await server.exited(), 0);
});

test('a worker that is blocked from its first request on is seen to be blocked', async (t) => {
  const server = startServer(t, [...app, '-p', '1']);
  const port = await server.port();
  const line = 'GET /block?s=30 HTTP/1.1\r\nHost: cats\r\n\r\n';
  // The moment it listens, before its loop had time to beat.
  const client = await eventually('the first accept', () => hold(port, line));
  await server.until('a blocked worker', (stats) => stats.workers[0]!.stalled_ms > 300);
  client.destroy();
});
