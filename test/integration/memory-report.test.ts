import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { readHistory } from '../../shared/memory/history.js';
import { recordingLine } from '../../top/model/recording.js';
import { certificateProblem, makeAuthority } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { generate } from '../support/memory-generators.js';
import { freePort, startUwsgi, WITHOUT_UWSGI } from '../support/real-uwsgi.js';
import { APPS, CATSERVE, ROOT, startServer, type TestServer } from '../support/server.js';
import { seeded } from '../support/seeded.js';
import { steadyRequests } from '../support/steady-requests.js';

const TOP = path.join(ROOT, 'dist/top/main.js');

interface Written {
  readonly code: number | string;
  readonly out: string;
  readonly err: string;
}

/** Runs `tsuwsgitop --memory-report` to its end. */
async function report(t: TestContext, ...args: readonly string[]): Promise<Written> {
  const child = spawn(process.execPath, [TOP, '--memory-report', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code: code ?? signal ?? '', out, err };
}

interface JsonReport {
  readonly window_s: number;
  readonly workers: readonly {
    readonly id: number;
    readonly pid: number;
    readonly verdict: string;
    readonly where: string | null;
    readonly slope_mb_h: number | null;
    readonly rss: number;
    readonly reaches: { readonly limit: string } | null;
    readonly returned: { readonly pid: number } | null;
  }[];
  readonly missing: readonly string[];
}

const asJson = ({ out }: Written): JsonReport => JSON.parse(out) as JsonReport;

async function history(server: TestServer) {
  const answer = await fetch(`http://127.0.0.1:${await server.statsPort()}/memory`);
  const read = readHistory(await answer.json());
  assert.ok(read.ok);
  return read.value;
}

/** Waits until the master has noted every worker's process that runs now. */
async function noted(server: TestServer): Promise<void> {
  await eventually('every process is noted', async () => {
    const { workers } = await server.stats();
    const pids = (await history(server)).workers.map(({ pid }) => pid);
    return workers.every(({ pid }) => pids.includes(pid));
  });
}

test('--now prints what the master knows of every worker, in each format', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '-p', '2', '--reload-on-rss', '900']);
  const { workers } = await server.ready();
  await noted(server);
  const address = `127.0.0.1:${await server.statsPort()}`;
  const json = await report(t, '--now', '--format', 'json', address);
  assert.deepEqual([json.code, json.err], [0, '']);
  assert.deepEqual(
    asJson(json).workers.map(({ id, pid }) => [id, pid]),
    workers.map(({ id, pid }) => [id, pid]),
  );
  assert.ok(asJson(json).workers.every(({ rss }) => rss > 1e7));
  const text = await report(t, '--now', address);
  assert.match(text.out, /^memory of 127\.0\.0\.1:\d+ .*window 10m00s\nPOOL {2}/);
  const csv = await report(t, '--now', '--format', 'csv', `http://${address}/stats`);
  assert.match(csv.out, /^wid,pid,verdict,.*\n1,\d+,.*\n2,\d+,.*\n$/);
  const html = await report(t, '--now', '--format', 'html', address);
  assert.match(html.out, /^<!doctype html>[^]*<svg [^]*<\/html>\n$/);
});

test('the history tells the limits that options set', async (t) => {
  const limits = [
    '--reload-on-rss',
    '900',
    '--evil-reload-on-rss',
    '800',
    '--reload-on-uss',
    '600',
  ];
  const others = ['--reload-on-pss', '700', '--reload-on-heap', '500', '--memory-budget', '4000'];
  const server = startServer(t, ['--module', CATSERVE, ...limits, ...others]);
  await server.ready();
  const found = (await history(server)).limits;
  const megabytes = (bytes: number | null): number => (bytes ?? 0) / 1024 / 1024;
  const { reloadOnRss, reloadOnUss, reloadOnPss, reloadOnHeap, budget } = found;
  const set = [reloadOnRss, reloadOnUss, reloadOnPss, reloadOnHeap, budget];
  assert.deepEqual(set.map(megabytes), [800, 600, 700, 500, 4000]);
});

test('the history knows of a recycled worker what it had before', async (t) => {
  const server = startServer(t, ['--module', CATSERVE]);
  const { workers } = await server.ready();
  await noted(server);
  server.kill('SIGHUP');
  await server.until('a new process', ({ workers: [worker] }) => worker?.pid !== workers[0]?.pid);
  await server.ready();
  await noted(server);
  const [worker] = (await history(server)).workers;
  assert.equal(worker?.replaced?.pid, workers[0]?.pid);
  assert.ok((worker?.replaced?.rss ?? 0) > 1e7);
  const written = await report(
    t,
    ...['--now', '--format', 'json', `127.0.0.1:${await server.statsPort()}`],
  );
  assert.equal(asJson(written).workers[0]?.returned?.pid, workers[0]?.pid);
});

test('a unix socket is asked as well', async (t) => {
  const socket = path.join(makeFolder(t, {}), 'stats.sock');
  const server = startServer(t, ['--module', CATSERVE, '--stats', socket]);
  await server.ready();
  await noted(server);
  const written = await report(t, '--now', '--format', 'json', socket);
  assert.deepEqual([written.code, asJson(written).workers.length], [0, 1]);
});

test('so is TLS', { skip: certificateProblem() ?? false }, async (t) => {
  const authority = makeAuthority(t, 'ca');
  const { cert, key } = authority.sign('server');
  const port = await freePort();
  const tls = ['--stats-tls', `127.0.0.1:${port},${cert},${key}`];
  const server = startServer(t, ['--module', CATSERVE, ...tls]);
  await server.ready();
  await noted(server);
  const address = `https://127.0.0.1:${port}`;
  const written = await report(t, '--now', '--ca', authority.cert, '--format', 'json', address);
  assert.equal(written.code, 0, written.err);
  assert.equal(asJson(written).workers.length, 1);
});

test('under --stats-secret the history takes the key, and the command gives it', async (t) => {
  const folder = makeFolder(t, {});
  const secret = path.join(folder, 'read.key');
  writeFileSync(secret, `${'ab'.repeat(32)}\n`, { mode: 0o600 });
  const server = startServer(t, ['--module', CATSERVE, '--stats-secret', secret]);
  const port = await server.statsPort();
  assert.equal((await fetch(`http://127.0.0.1:${port}/memory`)).status, 401);
  const known = async () =>
    report(t, '--now', '--key-file', secret, '--format', 'json', `127.0.0.1:${port}`);
  const written = await eventually('a worker is known', async () => {
    const one = await known();
    return one.code === 0 && asJson(one).workers.length === 1 ? one : null;
  });
  assert.equal(written.err, '');
  const without = await report(t, '--now', `127.0.0.1:${port}`);
  assert.ok(without.code === 0 || without.code === 2, without.err);
});

test('nobody there is 3, and what is no stats server is 2', async (t) => {
  const nobody = await report(t, '--now', `127.0.0.1:${await freePort()}`);
  assert.equal(nobody.code, 3);
  assert.match(nobody.err, /nothing listens on/);
  const server = startServer(t, ['--module', CATSERVE]);
  await server.ready();
  const foreign = await report(t, '--now', `127.0.0.1:${await server.port()}`);
  assert.equal(foreign.code, 2);
});

test('a recording is judged by its end', async (t) => {
  const { points } = generate('heap leak', seeded(3));
  const lines = points.map(({ t: at, rss, heap, requests }) => {
    const worker = {
      ...{ id: 1, pid: 9, status: 'idle', rss, heap_used: heap, delta_requests: requests },
      last_spawn: 1_700_000_000,
    };
    const limits = { reload_on_rss: null, reload_on_uss: null, reload_on_pss: null };
    const stats = {
      ...{ version: '1', server: 'tsuwsgi', workers: [worker] },
      memory_limits: { ...limits, reload_on_heap: 4e9, memory_budget: null },
    };
    return recordingLine({ stats, transport: 'live', wallMs: 1_700_000_000_000 + at * 1000 });
  });
  const folder = makeFolder(t, { 'leak.ndjson': lines.join('') });
  const file = path.join(folder, 'leak.ndjson');
  const written = await report(t, '--format', 'json', '--replay', file);
  assert.equal(written.code, 0, written.err);
  const [worker] = asJson(written).workers;
  assert.deepEqual([worker?.verdict, worker?.where], ['leak', 'heap']);
  assert.equal(worker?.reaches?.limit, 'reload-on-heap');
  const missing = await report(t, '--replay', path.join(folder, 'none'));
  assert.equal(missing.code, 1);
  assert.ok(readFileSync(file, 'utf8').includes('received_at'));
});

describe('a real uWSGI', { skip: WITHOUT_UWSGI, timeout: 60_000 }, () => {
  test('tells sizes with memory-report, and is told so without', async (t) => {
    const port = await freePort();
    const stats = ['--stats', `127.0.0.1:${port}`];
    const address = `127.0.0.1:${port}`;
    {
      await using uwsgi = await startUwsgi(() => [...stats, '--memory-report']);
      assert.match(uwsgi.log(), /uWSGI/);
      const [, http] = /bound to TCP address (127\.0\.0\.1:\d+)/.exec(uwsgi.log()) ?? [];
      const written = await eventually(
        'a worker is measured, which follows a request',
        async () => {
          await (await fetch(`http://${http ?? ''}/`)).text();
          const one = await report(t, '--now', '--format', 'json', address);
          return asJson(one).workers.length > 0 ? one : null;
        },
      );
      assert.match(asJson(written).missing.join('\n'), /uWSGI tells rss and vsz only/);
    }
    await using blind = await startUwsgi(() => stats);
    assert.match(blind.log(), /uWSGI/);
    const written = await report(t, '--now', address);
    assert.equal(written.code, 0, written.err);
    assert.match(
      written.out,
      /uWSGI tells rss and vsz of its workers with its option memory-report/,
    );
  });
});

const LONG = { skip: process.env['TEST_LONG'] === undefined && 'TEST_LONG=1', concurrency: 2 };

describe('two minutes', LONG, () => {
  const CASES = [
    ['/heap', ['leak', 'suspect'], 'heap'],
    ['/zlib', ['leak', 'suspect'], 'native'],
    ['/native', ['leak', 'suspect'], 'native'],
    ['/none', ['none', 'warm-up'], undefined],
    ['/cache', ['warm-up', 'none'], undefined],
  ] as const;
  for (const [route, verdicts, where] of CASES) {
    test(`of ${route} are ${verdicts.join(' or ')}`, async (t) => {
      const server = startServer(t, ['--module', path.join(APPS, 'leaking.mjs')]);
      await server.ready();
      using load = steadyRequests(await server.url(route), 50);
      const address = `127.0.0.1:${await server.statsPort()}`;
      const written = await report(t, '--window', '2m', '--format', 'json', address);
      assert.match(written.err, /of the window are missing and waited for/);
      const [worker] = asJson(written).workers;
      assert.ok(
        verdicts.some((verdict) => verdict === worker?.verdict),
        written.out,
      );
      if (where !== undefined) assert.equal(worker?.where, where, written.out);
      assert.ok(load.answered > 1000);
    });
  }
});
