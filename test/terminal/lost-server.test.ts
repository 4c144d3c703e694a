import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openPty, type Pty } from '../support/pty.js';
import { CATSERVE, startServer, type TestServer } from '../support/server.js';

/** A real server that is killed: what each view says of it, and whether it finds the next one. */

const TOP = fileURLToPath(new URL('../../top/main.js', import.meta.url));

/** Long enough that two of them are no race on a loaded machine. */
const INTERVAL_MS = 2000;

const LIVE = '● live';
const LOST = '✕ disconnected';

interface ViewSeen {
  readonly view: string;
  /** What leads there from any other. */
  readonly keys: readonly string[];
  /** What of it is to be seen in no other, with a server and without. */
  readonly seen: (screen: string) => boolean;
}

const VIEWS: readonly ViewSeen[] = [
  { view: 'overview', keys: ['1'], seen: (screen) => hasTable(screen) && hasCharts(screen) },
  { view: 'workers', keys: ['2'], seen: (screen) => hasTable(screen) && !hasCharts(screen) },
  { view: 'requests', keys: ['3'], seen: (screen) => / AGE +WID +CORE /.test(screen) },
  { view: 'memory', keys: ['4'], seen: (screen) => /^ POOL /m.test(screen) },
  { view: 'events', keys: ['5'], seen: (screen) => screen.includes('WHAT HAPPENED') },
  { view: 'others', keys: ['6'], seen: (screen) => /^ SOCKETS/m.test(screen) },
  {
    view: 'worker detail',
    keys: ['1', 'home', 'enter'],
    seen: (screen) => /^ worker 1 .* pid \d+/m.test(screen),
  },
];

function hasTable(screen: string): boolean {
  return /WID STATUS .* REQ /.test(screen);
}

function hasCharts(screen: string): boolean {
  return screen.includes('┌ requests/s');
}

/** The badge stands in the first line; the last but one says since when the numbers are old. */
function isMarkedLost(screen: string): boolean {
  const [first = ''] = screen.split('\n');
  return first.includes(LOST) && /▲ .* · these numbers are \d+ s old/.test(screen);
}

async function serve(t: TestContext, port = 0): Promise<TestServer> {
  const address = `127.0.0.1:${port}`;
  const args = ['--module', CATSERVE, '-L', '-p', '2', '--stats', address];
  const server = startServer(t, args, { stats: false });
  await server.ready();
  return server;
}

async function kill(server: TestServer): Promise<void> {
  server.kill('SIGKILL');
  await server.exited();
}

async function show(top: Pty, { view, keys, seen }: ViewSeen): Promise<void> {
  top.press(...keys);
  await top.until(seen, view);
}

test('a killed server is marked as lost within two intervals in every view, and the next is found', async (t) => {
  let server = await serve(t);
  const port = await server.statsPort();
  const args = [TOP, `127.0.0.1:${port}`, '-d', String(INTERVAL_MS / 1000)];
  const top = await openPty(t, { args, width: 120, height: 40 });
  if (!top) return;
  await top.until((screen) => screen.includes(LIVE), 'the live mark');
  for (const each of VIEWS) {
    await show(top, each);
    server.kill('SIGKILL');
    await top.until(isMarkedLost, `the mark on ${each.view}`, 2 * INTERVAL_MS);
    assert.ok(each.seen(top.screen()), `${each.view} keeps its numbers:\n${top.screen()}`);
    await server.exited();
    server = await serve(t, port);
    await top.until(
      (screen) => screen.includes(LIVE) && !screen.includes('these numbers') && each.seen(screen),
      `${each.view} of the next server`,
    );
  }
  await kill(server);
  await top.until(isMarkedLost, 'the loss of the last one');
  for (const each of VIEWS) {
    await show(top, each);
    await top.until(isMarkedLost, `the mark on ${each.view}`);
  }
  top.press('q');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
});

test('a server that hangs is not called live in any view, and is when it goes on', async (t) => {
  const server = await serve(t);
  const args = [TOP, `127.0.0.1:${await server.statsPort()}`, '-d', '1'];
  const top = await openPty(t, { args, width: 120, height: 40 });
  if (!top) return;
  await top.until((screen) => screen.includes(LIVE), 'the live mark');
  server.kill('SIGSTOP');
  t.after(() => {
    server.kill('SIGCONT');
  });
  for (const each of VIEWS) {
    await show(top, each);
    await top.until(
      (screen) => /▲ stale for \d|✕ disconnected/.test(screen),
      `the mark on ${each.view}`,
    );
  }
  server.kill('SIGCONT');
  await top.until((screen) => screen.includes(LIVE), 'the live mark again');
});
