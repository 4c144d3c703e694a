import assert from 'node:assert/strict';
import { existsSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get, startLoad } from '../support/http.js';
import { CATSERVE, isAlive, startServer, type TestServer } from '../support/server.js';

const app = ['--module', CATSERVE, '--disable-logging'];

/** Waits until so many reloads of all workers have ended. */
async function reloaded(server: TestServer, times: number): Promise<void> {
  await server.until(`reload ${times}`, ({ generation }) => generation === times);
}

test('--touch-reload reloads when the file is created, touched and removed', async (t) => {
  const cwd = makeFolder(t, {});
  const file = path.join(cwd, 'reload-me');
  const server = startServer(t, [...app, '-p', '2', '--touch-reload', file]);
  await server.ready();
  await server.logged(/^--touch-reload .*reload-me: there is no such file yet/m);
  writeFileSync(file, '');
  await reloaded(server, 1);
  utimesSync(file, new Date(), new Date(Date.now() + 5000));
  await reloaded(server, 2);
  rmSync(file);
  await reloaded(server, 3);
  assert.match(server.output, /^\*\*\* .*reload-me has been touched\.\.\.$/m);
});

test('--touch-chain-reload replaces one worker after the other and loses no request', async (t) => {
  const cwd = makeFolder(t, { chain: '' });
  const file = path.join(cwd, 'chain');
  const server = startServer(t, [...app, '-p', '3', '--touch-chain-reload', file]);
  const before = await server.ready();
  const load = startLoad(await server.url('/health'), 4, false);
  await eventually('answers', () => load.answered() > 20);
  utimesSync(file, new Date(), new Date(Date.now() + 5000));
  await reloaded(server, 1);
  assert.deepEqual((await load.stop()).failures, []);
  const said = [...server.output.matchAll(/^chain next victim is worker (\d)$/gm)];
  assert.deepEqual(
    said.map(([, worker]) => worker),
    ['1', '2', '3'],
  );
  assert.match(server.output, /^chain reload starting\.\.\.$/m);
  assert.match(server.output, /^chain reloading complete$/m);
  const after = await server.stats();
  const old = before.workers.map(({ pid }) => pid);
  assert.ok(after.workers.every(({ pid }) => !old.includes(pid)));
});

test('a chain whose new generation does not load is abandoned at its first worker', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': "export default (_q, r) => r.end('old');\n" });
  const fifo = path.join(cwd, 'fifo');
  const args = ['--module', 'app.mjs', '-L', '-p', '3', '--master-fifo', fifo];
  const server = startServer(t, args, { cwd });
  const before = await server.ready();
  writeFileSync(path.join(cwd, 'app.mjs'), 'this is no module\n');
  writeFileSync(fifo, 'c');
  const after = await server.until('the end', (stats) => stats.reload.state === 'abandoned');
  assert.deepEqual(
    after.workers.map(({ pid }) => pid),
    before.workers.map(({ pid }) => pid),
  );
  assert.doesNotMatch(server.output, /victim is worker 2/);
  assert.equal((await get(await server.url())).body, 'old');
});

test('the master FIFO takes letters, several in one write, from one writer after the other', async (t) => {
  const cwd = makeFolder(t, {});
  const fifo = path.join(cwd, 'fifo');
  const server = startServer(t, [...app, '-p', '2', '--master-fifo', fifo]);
  await server.ready();
  assert.equal(statSync(fifo).mode & 0o777, 0o600);
  writeFileSync(fifo, 'r\n');
  await reloaded(server, 1);
  writeFileSync(fifo, 'w');
  await reloaded(server, 2);
  writeFileSync(fifo, 'xcR');
  // The brutal reload joins the chain that the letter before it began.
  await reloaded(server, 3);
  assert.match(server.output, /master FIFO .*fifo: unknown command "x" ignored/);
  assert.match(server.output, /chain reload starting[^]*brutally killing workers/);
  await server.ready();
  writeFileSync(fifo, 'q');
  assert.equal(await server.exited(), 0);
  assert.match(server.output, /^q on the master FIFO received\.\.\.workers finish/m);
  assert.ok(!existsSync(fifo), 'the FIFO is removed');
});

test('a brutal reload cuts requests off at once and leaves the next ones waiting', async (t) => {
  const cwd = makeFolder(t, {});
  const fifo = path.join(cwd, 'fifo');
  const server = startServer(t, [...app, '-p', '1', '--master-fifo', fifo]);
  const before = await server.ready();
  const cut = assert.rejects(get(await server.url('/slow?s=50')));
  await server.until('the slow request', (stats) => stats.in_flight === 1);
  writeFileSync(fifo, 'W');
  await cut;
  assert.equal((await get(await server.url('/health'))).status, 200);
  await reloaded(server, 1);
  const { pid } = before.workers[0]!;
  await server.logged(new RegExp(`^killing worker 1 \\(pid: ${pid}\\)$`, 'm'));
  assert.ok(!isAlive(pid));
});

test('a FIFO that a killed master left is made anew; another file is not touched', async (t) => {
  const cwd = makeFolder(t, { file: 'mine' });
  const fifo = path.join(cwd, 'fifo');
  const killed = startServer(t, [...app, '--master-fifo', fifo]);
  await killed.ready();
  killed.kill('SIGKILL');
  await killed.exited();
  assert.ok(existsSync(fifo));
  const second = startServer(t, [...app, '--master-fifo', fifo]);
  await second.ready();
  writeFileSync(fifo, 'Q');
  assert.equal(await second.exited(), 0);

  const third = startServer(t, [...app, '--master-fifo', path.join(cwd, 'file')]);
  assert.equal(await third.exited(), 1);
  assert.match(third.output, /cannot make the master FIFO .*: the file that is there is no FIFO/);
});

test('a process that does not drain within --worker-reload-mercy gets none', async (t) => {
  const server = startServer(t, [...app, '-p', '1', '--worker-reload-mercy', '1.5']);
  const before = await server.ready();
  const cut = assert.rejects(get(await server.url('/slow?s=50')));
  await server.until('the slow request', (stats) => stats.in_flight === 1);
  server.kill('SIGHUP');
  await cut;
  const { pid } = before.workers[0]!;
  await server.logged(
    new RegExp(`worker 1 \\(pid: ${pid}\\) is taking too much time to die\\.\\.\\.NO MERCY !!!`),
  );
  const after = await server.until('the exit', (stats) => stats.workers[0]!.last_exit !== null);
  const { reason, signal } = after.workers[0]!.last_exit!;
  assert.deepEqual([reason, signal], ['reload', 'SIGKILL']);
});

test('SIGQUIT stops gracefully, SIGTERM under --die-on-term too, and both are bounded', async (t) => {
  for (const signal of ['SIGQUIT', 'SIGTERM'] as const) {
    const args = ['-p', '1', '--die-on-term', '--worker-reload-mercy', '3'];
    const server = startServer(t, [...app, ...args]);
    await server.ready();
    const finished = get(await server.url('/slow?s=1'));
    const cut = assert.rejects(get(await server.url('/slow?s=50')));
    await server.until('both requests', (stats) => stats.in_flight === 2);
    server.kill(signal);
    assert.equal((await finished).status, 200);
    assert.equal(await server.exited(), 0);
    await cut;
    assert.match(server.output, new RegExp(`^${signal} received.*\\(3 seconds at most\\)`, 'm'));
  }
});

test('signals that come while workers still load are honoured', async (t) => {
  const cwd = makeFolder(t, {
    'app.mjs': `console.error('loading', process.pid);
      const end = Date.now() + 1500;
      while (Date.now() < end); // A loop that is blocked by loading.
      export default (_req, res) => res.end();\n`,
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) {
    const server = startServer(t, ['--module', 'app.mjs', '-p', '2'], { cwd });
    await server.logged(/^loading \d+$/m);
    server.kill(signal);
    assert.equal(await server.exited(), 0);
  }
  const server = startServer(t, ['--module', 'app.mjs', '-p', '1'], { cwd });
  const [, first = ''] = await server.logged(/^loading (\d+)$/m);
  server.kill('SIGHUP');
  await reloaded(server, 1);
  assert.notEqual((await server.worker(1)).pid, Number(first));
});
