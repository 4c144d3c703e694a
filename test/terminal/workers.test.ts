import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hold } from '../support/http.js';
import { openPty } from '../support/pty.js';
import { CATSERVE, startServer } from '../support/server.js';

const TOP = fileURLToPath(new URL('../../top/main.js', import.meta.url));

test('a slow request leads to its worker, and two tagged workers are replaced together', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '-L', '-p', '3', '--stats-wait', '2000']);
  await server.ready();
  const top = await openPty(t, {
    args: [TOP, `127.0.0.1:${await server.statsPort()}`, '-d', '0.2'],
    ...{ width: 120, height: 40 },
    env: { XDG_RUNTIME_DIR: server.directory },
  });
  if (!top) return;
  await top.until((screen) => screen.includes('● live'), 'the live mark');
  const slow = await hold(await server.port(), 'GET /slow?s=60 HTTP/1.1\r\nHost: cats\r\n\r\n');
  t.after(() => slow.destroy());
  top.press('3');
  await top.until(
    (screen) => /1 in flight on 1 worker, oldest [^]*GET +127\.0\.0\.1 +\/slow\?s=60/.test(screen),
    'the request',
  );
  top.press('down', 'enter');
  await top.until((screen) => /^▶ +\d ● busy .*/m.test(screen), 'its worker, marked');
  top.press('home', 'space', 'space');
  await top.until((screen) => screen.includes('2 tagged'), 'two tags');
  const before = await Promise.all([server.worker(1), server.worker(2)]);
  top.press('R');
  await top.until((screen) => screen.includes('┌ Reload 2 workers'), 'the question');
  for (const { id, pid } of before) {
    assert.match(top.screen(), new RegExp(`worker +${id} +pid +${pid} `));
  }
  top.press('tab', 'enter');
  await top.until((screen) => screen.includes('2 of 2 commands done'), 'both outcomes');
  for (const { id, pid } of before) assert.notEqual((await server.worker(id)).pid, pid);
  top.press('escape', 'q');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
});
