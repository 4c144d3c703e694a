import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { openPty } from '../support/pty.js';
import { descendants, isAlive, ROOT } from '../support/server.js';

const MAIN = path.join(ROOT, 'dist/server/main.js');

const APPLICATION = `export default (request, response) => {
  if (request.url === '/boom') throw new Error('the cat left');
  response.end('purr');
};
`;

const APPLICATION_FILE = 'app.mjs';

/** Any port that is free may be taken by the next one who asks: the command then says which it has. */
async function anyPort(): Promise<string> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  server.close();
  await once(server, 'close');
  return String(address.port);
}

const folderWith = (t: TestContext): string =>
  path.join(makeFolder(t, { [APPLICATION_FILE]: APPLICATION }), APPLICATION_FILE);

test('tsuwsgi dev shows requests, changes and errors in colours, until ^C', async (t) => {
  const file = folderWith(t);
  const args = [MAIN, 'dev', file, '--port', await anyPort()];
  const dev = await openPty(t, { args, width: 150, height: 40 });
  if (!dev) return;
  const greeted = await eventually('the address', () =>
    /http:\/\/127\.0\.0\.1:(\d+) {2}\S+app\.mjs/.exec(dev.output()),
  );
  const url = `http://127.0.0.1:${greeted[1] ?? ''}`;
  assert.equal(await (await fetch(`${url}/cats`)).text(), 'purr');
  await dev.until((screen) => /GET +200 +[\d.]+ ms \/cats/.test(screen), 'the request');
  assert.ok(dev.output().includes('\u001b[32m200\u001b[0m'), 'in green');
  await (await fetch(`${url}/boom`)).text();
  await dev.until(
    (screen) => /> 2 \| {3}if \(request.*\n +\| +\^/.test(screen) && screen.includes('/boom'),
    'the error, with its line',
  );
  appendFileSync(file, '// another line\n');
  await dev.until((screen) => screen.includes('app.mjs changed'), 'the change');
  assert.doesNotMatch(dev.output(), /Warning/, 'nothing that is for us and not for its user');
  const processes = descendants(dev.pid);
  dev.press('ctrl-c');
  assert.deepEqual(await dev.exited, { exitCode: 0, signal: 0 });
  await eventually('every process to be gone', () => processes.every((pid) => !isAlive(pid)));
});

test('without a terminal it writes no colours, and takes the next port where one is taken', async (t) => {
  const file = folderWith(t);
  const taken = net.createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const { port } = taken.address() as net.AddressInfo;
  const dev = spawn(process.execPath, [MAIN, 'dev', file, '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => dev.kill('SIGKILL'));
  let output = '';
  dev.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const told = await eventually('the address', () =>
    /^http:\/\/127\.0\.0\.1:(\d+) .*, since (\d+) is taken$/m.exec(output),
  );
  assert.equal(told[2], String(port));
  assert.ok(Number(told[1]) > port);
  await (await fetch(`http://127.0.0.1:${told[1] ?? ''}/boom`)).text();
  await eventually('the error', () => output.includes('> 2 |') && output.includes('GET    500'));
  assert.ok(!output.includes('\u001b'), output);
  dev.kill('SIGTERM');
  assert.deepEqual(await once(dev, 'close'), [0, null]);
});
