import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '../support/folder.js';
import { openPty } from '../support/pty.js';
import { startServer } from '../support/server.js';

const TOP = fileURLToPath(new URL('../../top/main.js', import.meta.url));
const APP = 'export default (request, response) => response.end("ok");\n';

test('a reload is seen to take a changed file, to leave what waits, and to refuse a broken one', async (t) => {
  const folder = makeFolder(t, { 'app.mjs': APP });
  const file = path.join(folder, 'app.ini');
  const write = (...lines: string[]): void => {
    const always = ['[uwsgi]', 'module = app.mjs', 'processes = 1', 'disable-logging = true'];
    writeFileSync(file, [...always, ...lines, ''].join('\n'));
  };
  write();
  const server = startServer(t, ['--http-socket', '127.0.0.1:0', '--ini', file]);
  await server.ready();
  const top = await openPty(t, {
    args: [TOP, `127.0.0.1:${await server.statsPort()}`, '-d', '0.2'],
    ...{ width: 120, height: 30, env: { XDG_RUNTIME_DIR: server.directory } },
  });
  if (!top) return;
  await top.until((screen) => screen.includes('● live'), 'the live mark');

  write('harakiri = 20', 'name = shop');
  server.kill('SIGHUP');
  await top.until(
    (screen) => screen.includes('configuration waits: name: none → shop · takes an upgrade'),
    'what waits',
  );
  top.press('5');
  await top.until((screen) => /config +harakiri: 0 → 20/.test(screen), 'the change as an event');
  await top.until((screen) => screen.includes('the reload is done: 1 of 1'), 'the reload');

  write('harakri = 10');
  server.kill('SIGHUP');
  await top.until(
    (screen) => /▲ configuration refused: app\.ini:5: harakri: .*harakiri/.test(screen),
    'the refusal in the diagnosis',
  );
  await top.until((screen) => /config +refused: .*app\.ini:5: harakri/.test(screen), 'the event');

  write('harakiri = 20');
  server.kill('SIGHUP');
  await top.until((screen) => !screen.includes('▲ configuration'), 'that all is well');
  top.press('q');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
});
