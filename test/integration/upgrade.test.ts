import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get, startLoad } from '../support/http.js';
import { descendants, isAlive } from '../support/server.js';
import { startUpgradable } from '../support/upgrades.js';

/** `/slow` is answered once there is a file named `answer`. */
const OLD = `import { existsSync } from 'node:fs';
export default (req, res) => {
  const answer = () => {
    if (req.url === '/slow' && !existsSync('answer')) setTimeout(answer, 20);
    else res.end('old');
  };
  setTimeout(answer, 5);
};\n`;
const NEW = OLD.replace("'old'", "'new'");
/** Is not loaded before there is a file named `go`. */
const WAITS = `import { existsSync as isThere } from 'node:fs';
  while (!isThere('go')) await new Promise((resolve) => setTimeout(resolve, 20));
  ${NEW}`;
const APP = ['--module', 'app.mjs', '--disable-logging'];

test('SIGUSR2 under load puts a new master in place without losing a request or a count', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': OLD });
  const { server, upgrade, end } = startUpgradable(t, [...APP, '-p', '2'], { cwd });
  const before = await server.ready();
  const loads = [false, true].map((keepAlive) => ({ keepAlive, url: server.url() }));
  const running = await Promise.all(
    loads.map(async ({ keepAlive, url }) => startLoad(await url, 3, keepAlive)),
  );
  const goOn = async (): Promise<void> => {
    for (const load of running) {
      const answered = load.answered();
      await eventually('answers', () => load.answered() > answered + 50);
    }
  };
  await goOn();
  let master = server.pid;
  for (let round = 1; round <= 2; round++) {
    const successor = await upgrade(master);
    await goOn();
    await eventually('the end of the old master', () => !isAlive(master));
    master = successor;
  }
  await goOn();
  const results = await Promise.all(running.map((load) => load.stop()));
  assert.deepEqual(
    results.flatMap(({ failures }) => failures),
    [],
  );
  const answered = results.reduce((sum, result) => sum + result.answered, 0);
  const after = await server.until('exact counts', ({ workers }) => {
    return workers.reduce((sum, { requests }) => sum + requests, 0) === answered;
  });
  assert.equal(after.pid, master);
  assert.notEqual(after.boot_id, before.boot_id);
  await end(master);
});

test('an upgrade to code that does not load is abandoned, and a later one succeeds', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': OLD });
  const { server, upgrade, logged, end } = startUpgradable(t, [...APP, '-p', '2'], { cwd });
  const before = await server.ready();
  const load = startLoad(await server.url(), 2, false);
  writeFileSync(path.join(cwd, 'app.mjs'), "throw new Error('no database');\n");
  server.kill('SIGUSR2');
  const [, reason] = await logged(/\*\*\* upgrade abandoned, this master stays: (.*) \*\*\*/);
  assert.match(
    reason!,
    /^its worker \d \(pid: \d+\) could not serve the application: Error: no database$/,
  );
  const { upgrade: outcome } = await server.stats();
  assert.deepEqual([outcome.state, outcome.reason], ['abandoned', reason]);
  assert.match(server.output, /no database/, "the application's own words are in the log");
  await eventually('the end of the new master', () => descendants(server.pid).length === 2);
  const answered = load.answered();
  await eventually('answers', () => load.answered() > answered + 20);
  assert.deepEqual((await load.stop()).failures, []);
  const after = await server.stats();
  assert.deepEqual([after.pid, after.boot_id], [server.pid, before.boot_id]);
  assert.equal((await get(await server.url())).body, 'old');

  writeFileSync(path.join(cwd, 'app.mjs'), NEW);
  const successor = await upgrade(server.pid);
  await eventually('the end of the old master', () => !isAlive(server.pid));
  assert.equal((await get(await server.url())).body, 'new');
  await server.until('the end of the upgrade', ({ upgrade: last }) => last.state === 'done');
  await end(successor);
});

test('socket files stay through an upgrade, the pid file is rewritten, and all go at the end', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': OLD });
  const sockets = ['--http-socket', './app.sock', '--stats', './stats.sock'];
  const files = ['--pidfile', 'master.pid', '--vacuum'];
  const args = ['--http-socket', '127.0.0.1:0', ...sockets, ...files, ...APP];
  const { server, upgrade, end } = startUpgradable(t, args, { cwd });
  await server.ready();
  const inodes = (): number[] =>
    ['app.sock', 'stats.sock'].map((file) => statSync(path.join(cwd, file)).ino);
  const pidFile = (): string => readFileSync(path.join(cwd, 'master.pid'), 'utf8');
  assert.equal(pidFile(), `${server.pid}\n`);
  const before = inodes();
  const successor = await upgrade(server.pid);
  await eventually('the end of the old master', () => !isAlive(server.pid));
  assert.deepEqual(inodes(), before);
  assert.equal(pidFile(), `${successor}\n`);
  const { sockets: bound } = await server.ready();
  assert.deepEqual(bound.map(({ name }) => name).slice(1), ['./app.sock']);
  assert.match(server.output, /Stats server enabled on \.\/stats\.sock[^]*\.\/stats\.sock/);
  await end(successor);
  assert.deepEqual(readdirSync(cwd), ['app.mjs']);
});

test('a request in flight is finished by a worker of the old master', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': OLD });
  const { server, upgrade, end } = startUpgradable(t, [...APP], { cwd });
  await server.ready();
  const slow = get(await server.url('/slow'));
  await server.until('the slow request', (stats) => stats.in_flight === 1);
  const successor = await upgrade(server.pid);
  assert.ok(isAlive(server.pid), 'the old master waits for its worker');
  writeFileSync(path.join(cwd, 'answer'), '');
  assert.equal((await slow).body, 'old');
  await end(successor);
});

test('a stop while a new master starts ends both', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': OLD });
  const { server } = startUpgradable(t, [...APP], { cwd });
  await server.ready();
  writeFileSync(path.join(cwd, 'app.mjs'), WAITS);
  server.kill('SIGUSR2');
  const started = await eventually('the new master and its worker', () => {
    const pids = descendants(server.pid);
    return pids.length === 3 && pids;
  });
  server.kill('SIGTERM');
  assert.equal(await server.exited(), 0);
  await eventually('the end of all', () => !started.some(isAlive));
});

test('when the old master is killed while the new one starts, the new one takes over', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': OLD });
  const { server, logged, end } = startUpgradable(t, [...APP], { cwd });
  const { workers } = await server.ready();
  const url = await server.url();
  writeFileSync(path.join(cwd, 'app.mjs'), WAITS);
  server.kill('SIGUSR2');
  await logged(/(spawned tsuwsgi worker 1 [^]*){2}/);
  server.kill('SIGKILL');
  const [, successor] = await logged(/^master (\d+) has taken over$/m);
  assert.match(server.output, /the old master is gone before it was told to go: taking over/);
  // It may accept until it has noticed that its master is gone.
  await eventually('the end of the old worker', () => !isAlive(workers[0]!.pid));
  const waiting = get(url);
  writeFileSync(path.join(cwd, 'go'), '');
  assert.equal((await waiting).body, 'new');
  await end(Number(successor));
});
