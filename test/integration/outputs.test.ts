import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { freePort, startUwsgi, WITHOUT_UWSGI } from '../support/real-uwsgi.js';
import { CATSERVE, ROOT, startServer } from '../support/server.js';
import { serveStatsHttp, tcpServer } from '../support/stats-servers.js';

const TOP = path.join(ROOT, 'dist/top/main.js');

/** A tsuwsgitop without a terminal, and what it has written so far. */
class Piped {
  readonly child: ChildProcess;
  out = '';
  err = '';
  readonly #closed: Promise<number | string>;

  constructor(t: TestContext, args: readonly string[]) {
    this.child = spawn(process.execPath, [TOP, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.out += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.err += text));
    this.#closed = once(this.child, 'close').then(
      ([code, signal]) => (code ?? signal) as number | string,
    );
    t.after(() => this.child.kill('SIGKILL'));
  }

  /** The exit code, or the signal. */
  ended(): Promise<number | string> {
    return this.#closed;
  }
}

/** Runs tsuwsgitop to its end, which must be a good one; what it wrote. */
async function written(t: TestContext, ...args: readonly string[]): Promise<string> {
  const top = new Piped(t, args);
  assert.equal(await top.ended(), 0, top.err);
  assert.equal(top.err, '');
  return top.out;
}

/** A real tsuwsgi with two workers; the address of its stats. */
async function serve(t: TestContext) {
  const server = startServer(t, ['--module', CATSERVE, '-p', '2']);
  await server.ready();
  return { server, address: `127.0.0.1:${await server.statsPort()}` };
}

test('--once names the oldest request of each busy worker', async (t) => {
  const { server, address } = await serve(t);
  const aborter = new AbortController();
  const answer = fetch(await server.url('/slow?s=60'), { signal: aborter.signal });
  answer.catch(() => undefined);
  await server.until('a request in flight', ({ in_flight: flying }) => flying === 1);
  const text = await written(t, '--once', address);
  assert.match(text, /OLDEST REQUEST\n +[12] +\d+\.\ds GET \/slow\?s=60\n$/);
  aborter.abort();
});

test('--batch prints so many tables, with the columns and the order that were asked for', async (t) => {
  const { address } = await serve(t);
  const wanted = ['--columns', 'wid,status,req', '--sort', '-wid'];
  const text = await written(t, '--batch', '-n', '2', '-d', '0.2', ...wanted, address);
  assert.equal(text.match(/^tsuwsgitop \d{4}-\d\d-\d\d \d\d:\d\d:\d\d /gm)?.length, 2, text);
  assert.equal(text.match(/WID STATUS +REQ\n +2 .*\n +1 /g)?.length, 2, text);
  const [first = '', second = ''] = text.split('\n\ntsuwsgitop ');
  assert.match(first, / – req\/s/);
  assert.match(second, / 0 req\/s/);
});

test('--csv, --ndjson and --plain write lines for programs and people', async (t) => {
  const { address } = await serve(t);
  const csv = await written(t, '--csv', '-n', '2', '-d', '0.1', '--columns', 'wid,pid', address);
  assert.match(csv, /^time,wid,pid\n(\d{4}-[^,]+Z,[12],\d+\n){4}$/);
  const ndjson = await written(t, '--ndjson', '-n', '2', '-d', '0.1', address);
  const documents = ndjson
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { workers: unknown[] });
  assert.deepEqual(
    documents.map(({ workers }) => workers.length),
    [2, 2],
  );
  const plain = await written(t, '--plain', '-n', '3', '-d', '0.1', address);
  assert.match(plain, /^\d\d:\d\d:\d\d tsuwsgi [\d.]+: 2 workers, 2 idle, /);
});

test('--plain tells that a worker was killed, and which process replaced it', async (t) => {
  const { server, address } = await serve(t);
  const top = new Piped(t, ['--plain', '-d', '0.1', address]);
  await eventually('the first line', () => top.out.includes('2 workers'));
  process.kill((await server.worker(1)).pid, 'SIGKILL');
  await eventually('the death', () => top.out.includes('worker 1 died: killed by SIGKILL'));
  await eventually('the heir', () => /pid \d+ replaced it|was started: pid \d+/.test(top.out));
  top.child.kill('SIGINT');
  assert.equal(await top.ended(), 'SIGINT', 'which a shell calls 130');
});

test('a reader that has seen enough ends it quietly', async (t) => {
  const { address } = await serve(t);
  const top = new Piped(t, ['--csv', '-d', '0.1', address]);
  await eventually('the first rows', () => top.out !== '');
  top.child.stdout?.destroy();
  assert.deepEqual([await top.ended(), top.err], [0, '']);
});

test('a server that is lost is waited for, and what happens is told on stderr', async (t) => {
  const settings = (port: number | string) => ['--stats', `127.0.0.1:${port}`];
  const first = startServer(t, ['--module', CATSERVE, ...settings(0)], { stats: false });
  await first.ready();
  const port = await first.statsPort();
  const top = new Piped(t, ['--batch', '-d', '0.1', `127.0.0.1:${port}`]);
  await eventually('the first table', () => top.out.includes('WID'));
  first.kill('SIGINT');
  assert.equal(await first.exited(), 0);
  await eventually('the loss', () => /^tsuwsgitop: .*; it is tried again$/m.test(top.err));
  const second = startServer(t, ['--module', CATSERVE, ...settings(port)], { stats: false });
  await second.ready();
  await eventually('the return', () => top.err.includes('tsuwsgitop: the server is back\n'));
  assert.equal(top.child.exitCode, null);
});

test('what cannot be read at the start ends it, with what to do and a code of its own', async (t) => {
  await using http = await tcpServer(serveStatsHttp('<html>'));
  const free = await freePort();
  const cases = [
    [
      `127.0.0.1:${free}`,
      3,
      /nothing listens on .*\ntsuwsgitop: is the server running, with --stats/,
    ],
    ['/nowhere/x.sock', 3, /there is no socket file .*\ntsuwsgitop: is the server running/],
    [`127.0.0.1:${http.port}`, 2, /HTML or XML page.*\ntsuwsgitop: .*give the address of --stats/],
  ] as const;
  for (const [address, code, message] of cases) {
    for (const mode of ['--batch', '--once']) {
      const top = new Piped(t, [mode, address]);
      assert.equal(await top.ended(), code, top.err);
      assert.equal(top.out, '');
      assert.match(top.err, message);
    }
  }
});

test('a raw port that is asked over HTTP says what to leave out', async (t) => {
  await using raw = await tcpServer((socket) => {
    socket.once('data', () => socket.resetAndDestroy());
  });
  const top = new Piped(t, ['--csv', `http://127.0.0.1:${raw.port}`]);
  assert.equal(await top.ended(), 2);
  assert.match(top.err, /does not speak HTTP here: leave out http:\/\//);
});

test('what was recorded is replayed as it was printed', async (t) => {
  const { address } = await serve(t);
  const file = path.join(makeFolder(t, {}), 'r.ndjson');
  const shown = ['--csv', '--columns', 'wid,pid,req,rps', '-d', '0.1'];
  const live = await written(t, ...shown, '-n', '3', '--record', file, address);
  assert.ok((readFileSync(file, 'utf8').match(/\n/g)?.length ?? 0) >= 3);
  const again = await written(t, ...shown, '-n', '3', '--replay', file, '--speed', '0');
  assert.equal(again, live);
  const report = await written(t, '--replay', file);
  assert.match(report, /^tsuwsgi .*\n[^]*\n +2 . idle /);
});

test('a recording that cannot be written is told at once, and is an error at the end', async (t) => {
  const { address } = await serve(t);
  const top = new Piped(t, ['--plain', '-n', '2', '-d', '0.1', '--record', '/dev/full', address]);
  assert.equal(await top.ended(), 4);
  assert.match(
    top.err,
    /^tsuwsgitop: --record \/dev\/full ends here, it cannot be written: ENOSPC/,
  );
  assert.match(top.out, /2 workers/);
});

test('a real uWSGI is written and recorded too', { skip: WITHOUT_UWSGI }, async (t) => {
  const port = await freePort();
  await using uwsgi = await startUwsgi(() => ['--stats', `127.0.0.1:${port}`]);
  assert.match(uwsgi.log(), /uWSGI/);
  const file = path.join(makeFolder(t, {}), 'u.ndjson');
  const address = `127.0.0.1:${port}`;
  const shown = ['--csv', '--columns', 'wid,pid,status', '-n', '2', '-d', '0.1'];
  const live = await written(t, ...shown, '--record', file, address);
  assert.match(live, /^time,wid,pid,status\n(\d{4}-[^,]+Z,[12],\d+,idle\n){4}$/);
  assert.equal(await written(t, ...shown, '--replay', file, '--speed', '0'), live);
  const plain = await written(t, '--plain', '-n', '2', '-d', '0.1', address);
  assert.match(plain, /^\d\d:\d\d:\d\d uWSGI 2\.[^:]*: 2 workers, 2 idle, /);
});
