import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { get, hold } from '../support/http.js';
import { isEnabled } from '../support/key-bar.js';
import { openPty, type Pty } from '../support/pty.js';
import { CATSERVE, startServer, type TestServer } from '../support/server.js';

/** The real dashboard in a real terminal on a real server: what a key does to a process. */

const TOP = fileURLToPath(new URL('../../top/main.js', import.meta.url));

interface Scene {
  readonly server: TestServer;
  readonly top: Pty;
}

async function open(
  t: TestContext,
  args: readonly string[] = ['-p', '2'],
): Promise<Scene | undefined> {
  const server = startServer(t, ['--module', CATSERVE, '-L', '--name', 'catserve', ...args]);
  await server.ready();
  const top = await openPty(t, {
    args: [TOP, `127.0.0.1:${await server.statsPort()}`],
    width: 120,
    height: 40,
    env: { XDG_RUNTIME_DIR: server.directory },
  });
  if (!top) return undefined;
  await top.until((screen) => screen.includes('● live'), 'the live mark');
  await top.until(() => isEnabled(top, '^R'), 'the right to control');
  return { server, top };
}

/** The row of a worker in the table. */
function row(screen: string, id: number): string {
  return screen.split('\n').find((line) => new RegExp(`^▶? +${id} [●○◌◐▲✕·‖]`).test(line)) ?? '';
}

test('the table shows the requests of each worker, and q gives the terminal back', async (t) => {
  const scene = await open(t);
  if (!scene) return;
  const { server, top } = scene;
  for (let i = 0; i < 25; i++) await get(await server.url('/health'));
  await top.until((screen) => /requests +25\b/.test(screen), '25 requests');
  const { workers } = await server.stats();
  for (const { id, pid } of workers) assert.match(row(top.screen(), id), new RegExp(` ${pid} `));
  assert.match(top.rows()[0] ?? '', /^ catserve {2}tsuwsgi \d/);
  top.press('q');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
  assert.equal(top.buffer(), 'normal');
});

test('R asks first, then replaces the marked worker and tells the outcome', async (t) => {
  const scene = await open(t);
  if (!scene) return;
  const { server, top } = scene;
  const [, before] = (await server.stats()).workers;
  top.press('down', 'down', 'R');
  await top.until((screen) => screen.includes('Reload worker 2'), 'the question');
  // Cancel is the default: Enter alone changes nothing.
  top.press('enter');
  await top.until((screen) => !screen.includes('[ Cancel ]'), 'the question to close');
  assert.equal((await server.worker(2)).pid, before!.pid);
  top.press('R');
  await top.until((screen) => screen.includes('Reload worker 2'), 'the question again');
  top.press('\t', 'enter');
  await top.until((screen) => /worker 2: pid \d+ ready in [\d.]+ s/.test(screen), 'the outcome');
  const [first, after] = (await server.stats()).workers;
  assert.notEqual(after!.pid, before!.pid);
  assert.equal(first!.respawn_count, 1);
  // The outcome may be drawn before the document that has the new process.
  const { pid } = after!;
  await top.until((screen) => row(screen, 2).includes(` ${pid} `), 'the row of the new process');
});

test('F9 and KILL end a blocked worker, and the respawned one is shown', async (t) => {
  const scene = await open(t, ['-p', '1']);
  if (!scene) return;
  const { server, top } = scene;
  const { pid } = await server.worker(1);
  const victim = await hold(await server.port(), 'GET /block?s=60 HTTP/1.1\r\nHost: cats\r\n\r\n');
  await top.until((screen) => screen.includes('▲ stuck'), 'the stuck worker');
  await top.until((screen) => /worker 1 blocked .* \/block\?s=60/.test(screen), 'the diagnosis');
  top.press('down', 'f9');
  await top.until((screen) => screen.includes('SIGKILL'), 'the signal menu');
  top.press('down', 'down', 'down', 'enter');
  await top.until((screen) => screen.includes('Kill worker 1 with SIGKILL'), 'the question');
  assert.match(top.screen(), /1 request in flight will fail/);
  top.press('\t', 'enter');
  await top.until(
    (screen) => /worker 1: pid \d+ killed in [\d.]+ s, pid \d+ ready/.test(screen),
    'the outcome',
  );
  const after = await server.worker(1);
  assert.notEqual(after.pid, pid);
  assert.equal(after.last_exit?.reason, 'killed');
  victim.destroy();
});

test('Ctrl-R replaces all workers, and the generation grows', async (t) => {
  const scene = await open(t);
  if (!scene) return;
  const { server, top } = scene;
  top.press('ctrl-r');
  await top.until((screen) => screen.includes('Reload all workers: how?'), 'the menu');
  top.press('enter');
  await top.until((screen) => screen.includes('Reload all workers, rolling'), 'the question');
  top.press('\t', 'enter');
  await top.until((screen) => screen.includes('reload finished, 2/2 in'), 'the outcome');
  await top.until((screen) => /gen 1\b/.test(screen), 'the generation');
  const stats = await server.stats();
  assert.equal(stats.generation, 1);
  assert.ok(stats.workers.every((worker) => worker.respawn_count === 2));
});

test('without the key the dashboard looks, and says why it cannot act', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '-L']);
  await server.ready();
  const address = `127.0.0.1:${await server.statsPort()}`;
  const env = { XDG_RUNTIME_DIR: '/nonexistent' };
  const top = await openPty(t, { args: [TOP, address], width: 120, height: 40, env });
  if (!top) return;
  await top.until((screen) => screen.includes('● live'), 'the live mark');
  const { pid } = await server.worker(1);
  top.press('down', 'R');
  await top.until(
    (screen) => screen.split('\n').slice(0, -1).join('\n').includes('key'),
    'the reason',
  );
  assert.equal((await server.worker(1)).pid, pid);
});

test('when the server goes the numbers stay, marked, and come back with the next one', async (t) => {
  const scene = await open(t);
  if (!scene) return;
  const { server, top } = scene;
  const port = await server.statsPort();
  await get(await server.url('/health'));
  await top.until((screen) => /requests +1\b/.test(screen), 'the request');
  server.kill('SIGTERM');
  await server.exited();
  await top.until((screen) => screen.includes('disconnected'), 'the mark');
  assert.match(top.screen(), /requests +1\b/);
  const next = startServer(t, ['--module', CATSERVE, '-L', '--stats', `127.0.0.1:${port}`], {
    stats: false,
  });
  await next.logged(/Stats server enabled/);
  await top.until(
    (screen) => screen.includes('● live') && /requests +0\b/.test(screen),
    'the new one',
  );
});

test('without a terminal one report is printed', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '-L', '-p', '2', '--name', 'catserve']);
  await server.ready();
  const address = `127.0.0.1:${await server.statsPort()}`;
  const report = await run([address]);
  assert.equal(report.code, 0);
  assert.match(report.output, /^catserve {2}tsuwsgi /);
  assert.match(report.output, /^ +1 . idle +\d+ /m);
  const json = await run(['--json', address]);
  const document = JSON.parse(json.output) as { server: string; workers: unknown[] };
  assert.equal(document.server, 'tsuwsgi');
  assert.equal(document.workers.length, 2);
  const once = await run(['--once', '127.0.0.1:1']);
  assert.equal(once.code, 3);
  assert.match(once.output, /nothing listens on 127\.0\.0\.1:1/);
});

/** Runs tsuwsgitop with pipes; what it wrote on both. */
function run(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [TOP, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.on('close', (code) => {
      resolve({ code, output });
    });
  });
}
