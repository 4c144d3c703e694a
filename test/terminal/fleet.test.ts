import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { busyShop } from '../support/dashboard.js';
import { makeFolder } from '../support/folder.js';
import { openPty } from '../support/pty.js';
import { tcpServer, type TestServer } from '../support/stats-servers.js';

const main = fileURLToPath(new URL('../../top/main.js', import.meta.url));

/** A stats server as uWSGI's. */
function shop(name: string, port = 0): Promise<TestServer> {
  return tcpServer((socket) => {
    socket.end(JSON.stringify({ ...busyShop(1), name, server: 'uwsgi' }));
  }, port);
}

test('several servers stand in a list; one is opened, left, lost, and comes back', async (t) => {
  await using first = await shop('first');
  const second = await shop('second');
  const file = path.join(makeFolder(t, {}), 'targets');
  writeFileSync(file, `# two more\n127.0.0.1:${second.port}\n`);
  const args = [main, `127.0.0.1:${first.port}`, '--targets', file, '-d', '0.1'];
  const top = await openPty(t, { args, width: 100, height: 20 });
  if (!top) {
    await second[Symbol.asyncDispose]();
    return;
  }
  await top.until((screen) => screen.includes('2 servers') && screen.includes('2 live'), 'both');
  top.press('down', 'enter');
  await top.until((screen) => screen.includes('WID STATUS') && screen.includes('second'), 'one');
  top.press('escape');
  await top.until((screen) => screen.includes('2 servers'), 'the list');
  await second[Symbol.asyncDispose]();
  await top.until(
    (screen) => screen.includes('1 not') && screen.includes('nothing listens'),
    'a loss',
  );
  await using again = await shop('second', second.port);
  await top.until((screen) => screen.includes('2 live') && again.accepted() > 0, 'its return');
  top.press('q');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
});
