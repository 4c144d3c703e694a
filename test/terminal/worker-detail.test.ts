import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hold } from '../support/http.js';
import { openPty } from '../support/pty.js';
import { CATSERVE, startServer } from '../support/server.js';

const TOP = fileURLToPath(new URL('../../top/main.js', import.meta.url));

test('a real worker is opened with Enter, tells what blocks it, and its successor is shown', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '-L', '-p', '1']);
  await server.ready();
  const top = await openPty(t, {
    args: [TOP, `127.0.0.1:${await server.statsPort()}`, '-d', '0.2'],
    ...{ width: 120, height: 40 },
    env: { XDG_RUNTIME_DIR: server.directory },
  });
  if (!top) return;
  const { pid } = await server.worker(1);
  await top.until((screen) => screen.includes('● live'), 'the live mark');
  const victim = await hold(await server.port(), 'GET /block?s=60 HTTP/1.1\r\nHost: cats\r\n\r\n');
  t.after(() => victim.destroy());
  top.press('down', 'enter');
  await top.until(
    (screen) => screen.includes(`▲ stuck  pid ${pid}`) && screen.includes('GET /block?s=60'),
    'the worker with its request',
  );
  top.press('t');
  await top.until((screen) => /at block \(.*trouble\.js:\d+/.test(screen), 'the stack');
  process.kill(pid, 'SIGKILL');
  await top.until(
    (screen) =>
      screen.includes(`in the place of ${pid}`) &&
      screen.includes(`(pid ${pid}) crashed · SIGKILL`),
    'the successor and the death',
  );
  top.press('4');
  await top.until((screen) => /POOL .* rss +\d/.test(screen), 'the memory');
  top.press('6');
  await top.until((screen) => /queue 0 of \d+ · http/.test(screen), 'the sockets');
  top.press('q');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
});
