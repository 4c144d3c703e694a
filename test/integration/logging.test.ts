import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { isAlive, startServer } from '../support/server.js';
import { startUpgradable } from '../support/upgrades.js';
import { writeFifo } from '../support/write-fifo.js';

/** Writes numbered lines as fast as it can, one half to each stream, and ends at the request for it. */
const NUMBERED = `
import http from 'node:http';
const id = process.env.TSUWSGI_WORKER_ID;
let next = 0;
function more() {
  for (let end = next + 500; next < end; next++) {
    const line = 'line ' + id + ' ' + process.pid + ' ' + next + '\\n';
    (next % 2 === 0 ? process.stdout : process.stderr).write(line);
  }
  if (next < 10000) setImmediate(more);
}
setTimeout(more, 100);
export default http.createServer((request, response) => {
  if (request.url === '/exit') {
    for (let line = 0; line < 20000; line++) console.error('last ' + line);
    process.exit(7);
  }
  if (request.url === '/error') console.error(new Error('a stack'));
  response.end('ok');
});
`;

function linesOf(folder: string): string[] {
  const files = readdirSync(folder).filter((name) => name.startsWith('app.log'));
  return files.flatMap((name) => readFileSync(path.join(folder, name), 'utf8').split('\n'));
}

describe('a log that the master writes', () => {
  test('has every line of four busy workers once, while it is rotated and opened anew', async (t) => {
    const folder = makeFolder(t, { 'app.mjs': NUMBERED });
    const file = path.join(folder, 'app.log');
    const fifo = path.join(folder, 'fifo');
    const server = startServer(t, [
      ...['--module', path.join(folder, 'app.mjs'), '-p', '4', '--logto', file],
      ...['--log-maxsize', '100000', '--master-fifo', fifo],
    ]);
    await eventually('the first lines', () => existsSync(file) && linesOf(folder).length > 100);
    for (let round = 0; round < 5; round++) {
      renameSync(file, `${file}.moved${round}`);
      await writeFifo(fifo, 'l');
      await eventually('the new file', () => existsSync(file));
      await writeFifo(fifo, 'L');
      await eventually('the next file', () => existsSync(file));
    }
    const numbered = (): string[] => linesOf(folder).filter((line) => line.startsWith('line '));
    await eventually('all lines', () => numbered().length >= 40_000);
    server.kill('SIGTERM');
    assert.equal(await server.exited(), 0);
    assert.equal(server.output, '');
    const found = numbered();
    const wanted = [1, 2, 3, 4].flatMap((id) =>
      Array.from({ length: 10_000 }, (_, line) => `line ${id} ${line}`),
    );
    assert.equal(found.length, wanted.length);
    const withoutPid = found.map((line) => line.replace(/^(line \d) \d+/, '$1'));
    assert.deepEqual(withoutPid.sort(), wanted.sort());
    assert.ok(linesOf(folder).some((line) => line.startsWith('goodbye to tsuwsgi.')));
  });

  test('has every line of both masters and their workers once in an upgrade that rotates it', async (t) => {
    const folder = makeFolder(t, { 'app.mjs': NUMBERED });
    const file = path.join(folder, 'app.log');
    const { server, upgrade, end } = startUpgradable(t, [
      ...['--module', path.join(folder, 'app.mjs'), '-p', '2', '--log-maxsize', '50000'],
      ...['--logger', `file:${file}`, '--logger', 'stdio'],
    ]);
    await server.ready();
    const master = await upgrade(server.pid);
    await eventually('the end of the old master', () => !isAlive(server.pid));
    await eventually(
      'the last line of the new workers',
      () => linesOf(folder).filter((line) => /^line \d \d+ 9999$/.test(line)).length >= 2,
    );
    await end(master);
    const seen = new Map<string, number[]>();
    for (const line of linesOf(folder)) {
      const [, pid, number] = /^line \d (\d+) (\d+)$/.exec(line) ?? [];
      if (pid !== undefined) seen.set(pid, [...(seen.get(pid) ?? []), Number(number)]);
    }
    assert.equal(seen.size, 4);
    for (const numbers of seen.values()) {
      const sorted = numbers.sort((a, b) => a - b);
      assert.deepEqual(
        sorted,
        Array.from({ length: sorted.length }, (_, index) => index),
      );
    }
    const others = linesOf(folder).join('\n');
    assert.match(others, new RegExp(`^master ${master} has taken over$`, 'm'));
  });

  test('has the last lines of a worker that exits, and the stats have their end', async (t) => {
    const folder = makeFolder(t, { 'app.mjs': NUMBERED });
    const server = startServer(t, [
      ...['--module', path.join(folder, 'app.mjs'), '-p', '1', '--log-master'],
      ...['--log-prefix', '%(process) %(stream): '],
    ]);
    const url = await server.url('/exit');
    await eventually('the exit', async () => {
      await get(url).catch(() => undefined);
      return server.output.includes('worker 1 stderr: last 19999\n');
    });
    const lines = server.output.match(/^worker 1 stderr: last \d+$/gm) ?? [];
    assert.equal(new Set(lines).size, 20_000);
    const { workers } = await server.until(
      'the exit',
      ({ workers: [worker] }) => worker?.last_exit?.stderr.includes('last 19999') === true,
    );
    assert.equal(workers[0]?.last_exit?.code, 7);
  });

  test('is one object a line under --log-json, and a stack is one of them', async (t) => {
    const folder = makeFolder(t, { 'app.mjs': NUMBERED });
    const server = startServer(
      t,
      ['--module', path.join(folder, 'app.mjs'), '-p', '1', '--log-json', '--http', '127.0.0.1:0'],
      { stats: false },
    );
    const bound = await server.logged(/http bound on [^"]*:(\d+) fd/);
    await eventually('an answer', () => get(`http://127.0.0.1:${bound[1]}/error`));
    await server.logged(/"message":"Error: a stack\\n {4}at /);
    await server.logged(/"uri":"\/error"/);
    server.kill('SIGTERM');
    assert.equal(await server.exited(), 0);
    const objects = server.output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const request = objects.find(({ uri }) => uri === '/error');
    assert.equal(request?.['status'], 200);
    const others = objects.filter(({ uri }) => uri === undefined);
    const processes = new Set(others.map(({ process }) => process));
    assert.deepEqual([...processes].sort(), ['master', 'worker']);
    assert.ok(others.every(({ time, pid, level }) => time && pid && level));
  });

  test('is apart from that of requests with --req-logger, and goes to several loggers', async (t) => {
    const receiver = createSocket('udp4').bind(0, '127.0.0.1');
    t.after(() => receiver.close());
    await once(receiver, 'listening');
    const heard: string[] = [];
    receiver.on('message', (message) => heard.push(String(message)));
    const folder = makeFolder(t, { 'app.mjs': NUMBERED });
    const requests = path.join(folder, 'requests.log');
    const server = startServer(t, [
      ...['--module', path.join(folder, 'app.mjs'), '-p', '1', '--http', '127.0.0.1:0'],
      ...['--req-logger', `file:${requests}`, '--logger', 'stdio'],
      ...['--logger', `rsyslog:127.0.0.1:${receiver.address().port},cats`],
    ]);
    await server.ready();
    await get(await server.url('/here'));
    const line = await eventually('the request', () => readFileSync(requests, 'utf8') || null);
    assert.match(line, /^\[pid: \d+\|app: 0\|req: 1\/1\] 127\.0\.0\.1 .* GET \/here => [^\n]*\n$/);
    await eventually('a line by syslog', () =>
      heard.some((text) => /^<30>.* cats\[\d+\]: spawned tsuwsgi worker 1 /.test(text)),
    );
    assert.match(server.output, /spawned tsuwsgi worker 1 /);
    assert.ok(!server.output.includes('GET /here'));
  });

  test('that cannot be opened ends the start, and standard error says why', async (t) => {
    const folder = makeFolder(t, { 'app.mjs': NUMBERED });
    const args = ['--module', path.join(folder, 'app.mjs'), '-p', '1'];
    for (const option of ['--logto', '--logto2']) {
      const server = startServer(t, [...args, option, path.join(folder, 'none', 'app.log')]);
      assert.equal(await server.exited(), 1);
      assert.match(
        server.output,
        /^cannot open the log .*none\/app\.log: .*; make its folder first$/m,
      );
    }
  });

  test('outlives its reader and SIGPIPE, and so do the workers', async (t) => {
    const folder = makeFolder(t, { 'app.mjs': NUMBERED });
    const args = ['--module', path.join(folder, 'app.mjs'), '-p', '1'];
    for (const further of [[], ['--log-master']]) {
      const server = startServer(t, [...args, ...further]);
      const { workers } = await server.ready();
      const url = await server.url('/error');
      server.child.stderr?.destroy();
      server.child.stdout?.destroy();
      process.kill(workers[0]?.pid ?? 0, 'SIGPIPE');
      server.kill('SIGPIPE');
      for (let request = 0; request < 20; request++) assert.equal((await get(url)).status, 200);
      assert.equal((await server.worker(1)).pid, workers[0]?.pid);
    }
  });

  test('does not wait for what a dead worker has started', async (t) => {
    const folder = makeFolder(t, {
      'app.mjs':
        "import http from 'node:http';\nimport { spawn } from 'node:child_process';\n" +
        'export default http.createServer((request, response) => {\n' +
        "  spawn('sleep', ['20'], { stdio: 'inherit', detached: true }).unref();\n" +
        "  response.end('ok', () => process.exit(3));\n});\n",
    });
    const server = startServer(t, [
      '--module',
      path.join(folder, 'app.mjs'),
      '-p',
      '1',
      '--log-master',
    ]);
    const { workers } = await server.ready();
    await get(await server.url());
    const pid = workers[0]?.pid;
    await server.until('the next worker', ({ workers: [worker] }) => worker?.pid !== pid);
  });
});
