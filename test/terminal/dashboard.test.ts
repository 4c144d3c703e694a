import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { busyShop } from '../support/dashboard.js';
import { openPty } from '../support/pty.js';

const main = fileURLToPath(new URL('../../top/main.js', import.meta.url));

interface Shop {
  readonly address: string;
  close(): Promise<void>;
}

/** A stats server as uWSGI's: each connection gets the next document and is closed. */
async function serve(t: TestContext, port = 0): Promise<Shop> {
  let second = 0;
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(JSON.stringify({ ...busyShop(second++), server: 'uwsgi' }));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  t.after(close);
  return { address: `127.0.0.1:${address.port}`, close };
}

test('the dashboard shows the workers, moves its mark, helps, and quits', async (t) => {
  const { address } = await serve(t);
  const top = await openPty(t, { args: [main, address, '-d', '0.2'], width: 120, height: 40 });
  if (!top) return;
  await top.until((screen) => screen.includes('catserve') && /12 [·*] ?cheap/.test(screen));
  assert.match(top.screen(), /WID STATUS/);
  top.press('?');
  await top.until((screen) => screen.includes('tsuwsgitop keys'), 'the help');
  top.press('escape');
  await top.until((screen) => !screen.includes('tsuwsgitop keys'), 'the help closed');
  top.press('/', '9', 'enter');
  await top.until((screen) => screen.includes('3 match of 12'), 'a filter');
  top.press('q');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
  assert.equal(top.buffer(), 'normal');
});

test('a server that goes away leaves its numbers, marked, and comes back', async (t) => {
  const first = await serve(t);
  const top = await openPty(t, {
    args: [main, first.address, '-d', '0.1'],
    width: 120,
    height: 30,
  });
  if (!top) return;
  await top.until((screen) => screen.includes('live'));
  await first.close();
  await top.until(
    (screen) => /these numbers are \d+ s old/.test(screen) && /1 [●○] /.test(screen),
    'stale numbers',
  );
  await serve(t, Number(first.address.split(':')[1]));
  await top.until(
    (screen) => screen.includes('live') && !screen.includes('these numbers'),
    'live again',
  );
  top.press('ctrl-c');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
});

test('it starts and stays usable at any size down to 1x1', async (t) => {
  const { address } = await serve(t);
  const top = await openPty(t, { args: [main, address, '-d', '0.2'], width: 20, height: 5 });
  if (!top) return;
  await top.until((screen) => screen.trim() !== '' && top.buffer() === 'alternate');
  for (const [width, height] of [
    [1, 1],
    [10, 3],
    [200, 60],
    [80, 24],
  ] as const) {
    top.resize(width, height);
  }
  await top.until((screen) => screen.includes('WID STATUS'));
  top.press('f10');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
});

/** Runs without a terminal; the server must stay able to answer meanwhile. */
async function piped(...argv: readonly string[]) {
  const child = spawn(process.execPath, [main, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const closed: unknown[] = await once(child, 'close');
  return { code: closed[0], stdout, stderr };
}

test('without a terminal, and with --once, the table is text', async (t) => {
  const { address } = await serve(t);
  for (const argv of [[address], ['--once', '--ascii', address]]) {
    const { code, stdout, stderr } = await piped(...argv);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.match(stdout, /WID STATUS[^]*\n +12 /);
    assert.ok(!stdout.includes('\x1b'));
  }
});

test('--json prints the document', async (t) => {
  const { address } = await serve(t);
  const { code, stdout } = await piped('--json', address);
  assert.equal(code, 0);
  const document: unknown = JSON.parse(stdout);
  assert.ok(typeof document === 'object' && document !== null && 'workers' in document);
});

test('errors are told on stderr, and the exit code tells whose they are', async () => {
  for (const [argv, expected, message] of [
    [[], 1, /^tsuwsgitop: which stats server\? .*localhost:9191\n$/],
    [['nonsense'], 1, /^tsuwsgitop: "nonsense" is neither/],
    [['--once', '/nowhere/at.sock'], 3, /^tsuwsgitop: .*\/nowhere\/at\.sock\n.*--stats/],
  ] as const) {
    const { code, stdout, stderr } = await piped(...argv);
    assert.deepEqual({ code, stdout }, { code: expected, stdout: '' });
    assert.match(stderr, message);
  }
});
