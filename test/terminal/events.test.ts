import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hold } from '../support/http.js';
import { openPty } from '../support/pty.js';
import { freePort, startUwsgi, WITHOUT_UWSGI } from '../support/real-uwsgi.js';
import { CATSERVE, startServer } from '../support/server.js';

const TOP = fileURLToPath(new URL('../../top/main.js', import.meta.url));

test('a real server that loses a worker and blocks another has both told, with the stack', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '-L', '-p', '2', '--harakiri', '2']);
  await server.ready();
  const top = await openPty(t, {
    args: [TOP, `127.0.0.1:${await server.statsPort()}`, '-d', '0.2'],
    ...{ width: 120, height: 40 },
    env: { XDG_RUNTIME_DIR: server.directory },
  });
  if (!top) return;
  await top.until((screen) => screen.includes('● live'), 'the live mark');
  top.press('5');
  await top.until((screen) => screen.includes('nothing has happened'), 'an empty list');
  const { pid } = await server.worker(2);
  process.kill(pid, 'SIGKILL');
  await top.until(
    (screen) =>
      screen.includes(`worker 2 (pid ${pid}) crashed · SIGKILL`) &&
      new RegExp(`worker 2 runs as pid \\d+ in the place of ${pid}`).test(screen),
    'the death and the respawn',
  );
  const victim = await hold(await server.port(), 'GET /block?s=60 HTTP/1.1\r\nHost: cats\r\n\r\n');
  t.after(() => victim.destroy());
  await top.until(
    (screen) => /▲ harakiri +\d .*GET \/block\?s=60 blocked it for \d+\.\d s: killed/.test(screen),
    'the harakiri',
  );
  top.press('/', 'block?', 'enter');
  await top.until((screen) => /filter block\? +1 match/.test(screen), 'the filter');
  top.press('enter');
  await top.until(
    (screen) => /│ stack +[^]*block \(.*trouble\.js:\d+/.test(screen),
    'the stack in full',
  );
  top.press('escape');
  await top.until((screen) => !screen.includes('│ stack '), 'the record closed');
  top.press('1');
  await top.until((screen) => /x .*H/.test(under(screen)), 'the letters under the charts');
  top.press('q');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
});

test('of a real uWSGI a killed worker and a reload are told from what its documents show', async (t) => {
  if (WITHOUT_UWSGI !== false) {
    t.skip(WITHOUT_UWSGI);
    return;
  }
  const port = await freePort();
  await using uwsgi = await startUwsgi(() => ['--stats', `127.0.0.1:${port}`]);
  const args = [TOP, `127.0.0.1:${port}`, '-d', '0.2'];
  const top = await openPty(t, { args, width: 120, height: 40 });
  if (!top) return;
  await top.until((screen) => /^ +2 ○ idle +\d+ /m.test(screen), 'worker 2');
  const pid = Number(/^ +2 ○ idle +(\d+) /m.exec(top.screen())?.[1]);
  process.kill(pid, 'SIGKILL');
  top.press('e');
  const respawned = new RegExp(`✕ respawn +2 +worker 2 runs as pid \\d+ in the place of ${pid}`);
  await top.until((screen) => respawned.test(screen), 'the respawn');
  process.kill(uwsgi.pid, 'SIGHUP');
  const reloaded = /↻ reload +uWSGI reloaded: 2 workers replaced, counters begin again/;
  await top.until((screen) => reloaded.test(screen), 'the reload');
  top.press('q');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
});

/** The line under the charts, above the titles of the table. */
function under(screen: string): string {
  const lines = screen.split('\n');
  return lines[lines.findIndex((line) => line.includes('WID STATUS')) - 1] ?? '';
}
