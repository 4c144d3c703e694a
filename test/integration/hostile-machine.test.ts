import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { becomesNobody, give } from '../support/nobody.js';
import { descendants, isAlive, startServer } from '../support/server.js';

const HELLO = "export default (_req, res) => res.end('hello');\n";
const APP = ['--module', 'app.mjs', '--disable-logging'];

/** Whether a command works here; the test is skipped with the reason where it does not. */
function works(t: TestContext, ...[command = '', ...args]: string[]): boolean {
  const tried = spawnSync(command, args, { encoding: 'utf8' });
  if (tried.status === 0) return true;
  t.skip(`${command} is not permitted here: ${tried.stderr || String(tried.error)}`);
  return false;
}

test('as process 1 of a container the master obeys signals, and warns of the dead of others', async (t) => {
  const launcher = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
  if (!works(t, ...launcher, 'true')) return;
  const cwd = makeFolder(t, {
    'app.mjs': `import { spawn } from 'node:child_process';
      export default (_req, res) => {
        spawn('sh', ['-c', 'sleep 0.1 &']).on('close', () => res.end('left'));
      };\n`,
  });
  const server = startServer(t, [...APP, '-p', '2'], { cwd, launcher });
  const { pid, workers } = await server.ready();
  assert.equal(pid, 1);
  const [master = 0] = descendants(server.pid);

  process.kill(master, 'SIGUSR2');
  await server.logged(/\*\*\* upgrade abandoned, this master stays: this master is process 1/);
  process.kill(master, 'SIGHUP');
  const after = await server.until('a reload', ({ generation }) => generation === 1);
  assert.notEqual(after.workers[0]!.pid, workers[0]!.pid);
  await eventually('the old workers to be reaped', () => descendants(master).length === 2);

  assert.equal((await get(await server.url())).body, 'left');
  await server.logged(/^process \d+ \(sleep\) is dead and nobody reaps it.*docker run --init/m);
  process.kill(master, 'SIGTERM');
  assert.equal(await server.exited(), 0);
});

test('a user that may have no more processes is told so, and served when it may', async (t) => {
  const nobody = becomesNobody(t);
  if (nobody === null) return;
  const cwd = makeFolder(t, { 'app.mjs': HELLO });
  chmodSync(cwd, 0o755);
  const runtime = path.join(cwd, 'runtime');
  mkdirSync(runtime, { mode: 0o700 });
  // A number that nobody else uses here, so that only this master's threads count.
  const uid = 64_123;
  give(runtime, { uid, gid: nobody.gid });
  const asUser = ['setpriv', '--reuid', String(uid), '--regid', String(nobody.gid)];
  const launcher = [...asUser, '--clear-groups'];
  if (!works(t, ...launcher, 'prlimit', '--nproc=100:', 'true')) return;
  const server = startServer(t, APP, { cwd, launcher, env: { XDG_RUNTIME_DIR: runtime } });
  await server.ready();
  const allow = (processes: string): void => {
    const [command, ...args] = [...launcher, 'prlimit', `--pid=${server.pid}`];
    const done = spawnSync(command, [...args, `--nproc=${processes}:`], { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
  };
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  const [worker = 0] = descendants(server.pid);
  allow(/^Threads:\t(\d+)$/m.exec(status)![1]!);
  process.kill(worker, 'SIGKILL');
  await server.logged(/^cannot spawn worker 1: EAGAIN: this user may have no more processes/m);
  assert.ok(isAlive(server.pid));
  allow('1000');
  await server.ready();
  assert.equal((await get(await server.url())).body, 'hello');
});

test('out of descriptors a worker refuses, says so once, and serves on; the master lives', async (t) => {
  const launcher = ['prlimit', '--nofile=64'];
  if (!works(t, ...launcher, 'true')) return;
  const cwd = makeFolder(t, { 'app.mjs': HELLO });
  const server = startServer(t, APP, { cwd, launcher });
  const before = await server.ready();
  const crowd = async (port: number): Promise<net.Socket[]> => {
    const sockets = Array.from({ length: 100 }, () => net.connect(port, '127.0.0.1'));
    for (const socket of sockets) socket.on('error', () => undefined);
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    return sockets;
  };
  const clients = await crowd(await server.port());
  await server.logged(/^worker 1 .*\d+ connections are open, as many as ulimit -n 64 allows/m);
  await eventually('the others to be refused', () => clients.some(({ closed }) => closed));
  for (const client of clients) client.destroy();
  await eventually('an answer', async () => (await get(await server.url())).body === 'hello');
  assert.equal(server.output.split('ulimit -n').length, 3, 'it is said once');

  const readers = await crowd(await server.statsPort());
  process.kill(before.workers[0]!.pid, 'SIGKILL');
  for (const reader of readers) reader.destroy();
  const after = await server.until('another worker', ({ workers: [worker] }) => {
    return worker!.accepting === 1 && worker!.pid !== before.workers[0]!.pid;
  });
  assert.equal(after.pid, server.pid);
  assert.equal((await get(await server.url())).body, 'hello');
});

test('where files cannot be written the run goes on without them, and each is named', async (t) => {
  const folder = makeFolder(t, {});
  const mount = 'mount -t tmpfs -o ro none "$0" && exec "$@"';
  const launcher = ['unshare', '--mount', 'sh', '-c', mount, folder];
  if (!works(t, ...launcher, 'true')) return;
  const cwd = makeFolder(t, { 'app.mjs': HELLO });
  const settings = { cwd, launcher, env: { XDG_RUNTIME_DIR: folder } };
  const server = startServer(t, [...APP, '--pidfile', path.join(folder, 'm.pid')], settings);
  await server.ready();
  assert.match(server.output, /^no pid file: .*m\.pid cannot be written: EROFS/m);
  assert.match(
    server.output,
    /^stats server: no control, because .*tsuwsgi cannot be used: EROFS/m,
  );
  assert.equal((await get(await server.url())).body, 'hello');

  const socket = path.join(folder, 'app.sock');
  const unbound = startServer(t, [...APP, '--http-socket', socket], settings);
  assert.equal(await unbound.exited(), 1);
  assert.match(
    unbound.output,
    /^--http-socket .*: cannot bind .*app\.sock: the file system there is read-only/m,
  );
  const stats = path.join(folder, 'stats.sock');
  const unread = startServer(t, [...APP, '--stats', stats], settings);
  assert.equal(await unread.exited(), 1);
  assert.match(unread.output, /^--stats .*stats\.sock: the file system there is read-only/m);
});

test('where there is no ::1 the stats server listens on 127.0.0.1 alone, and says so', async (t) => {
  const without = `for each in all lo; do
    echo 1 > /proc/sys/net/ipv6/conf/$each/disable_ipv6
  done
  ip link set lo up && exec "$@"`;
  const launcher = ['unshare', '--net', 'sh', '-c', without, 'sh'];
  if (!works(t, ...launcher, 'true')) return;
  const cwd = makeFolder(t, { 'app.mjs': HELLO });
  const server = startServer(t, [...APP, '--stats', ':0'], { cwd, launcher, stats: false });
  const [, port] = await server.logged(
    /^stats server: ::1 is not available here, listening on 127\.0\.0\.1:(\d+) alone$/m,
  );
  // Nobody comes in there from here: the kernel tells who listens.
  const listening = `0100007F:${Number(port).toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`;
  const sockets = readFileSync(`/proc/${server.pid}/net/tcp`, 'utf8');
  assert.ok(sockets.includes(listening), sockets);
});
