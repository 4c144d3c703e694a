import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { APPS, startServer } from '../support/server.js';

const app = ['--module', path.join(APPS, 'says-ready.mjs'), '--disable-logging', '-p', '1'];

function start(t: TestContext, by: string, ...args: readonly string[]) {
  const file = path.join(makeFolder(t, {}), 'ready');
  const env = { READY_FILE: file, READY_BY: by };
  return { file, server: startServer(t, [...app, '--wait-ready', ...args], { env }) };
}

describe('with --wait-ready', () => {
  for (const [by, how] of [
    ['message', "process.send('ready')"],
    ['promise', 'the promise that it exports'],
  ] as const) {
    test(`a worker is ready when its application says so by ${how}`, async (t) => {
      const { server, file } = start(t, by);
      // It listens, and is not ready.
      const answer = await eventually('that it listens', async () => get(await server.url()));
      assert.equal(answer.body, 'hello');
      assert.equal((await server.worker(1)).state, 'starting');
      writeFileSync(file, '');
      await server.ready();
    });
  }

  test('a reload waits for it, and is abandoned when it never comes', async (t) => {
    const { server, file } = start(t, 'message', '--boot-timeout', '3');
    writeFileSync(file, '');
    const before = await server.ready();
    rmSync(file);
    server.kill('SIGHUP');
    const after = await server.until('the end of it', (stats) => stats.reload.state !== 'running');
    await server.logged(/did not become ready:\nError: the application has not said in time/);
    const { reload, workers } = await server.until('abandoned', (stats) => {
      return stats.reload.state === 'abandoned';
    });
    assert.equal(reload.replaced, 0);
    assert.equal(workers[0]!.pid, before.workers[0]!.pid);
    assert.equal(after.generation, 0);
  });

  test('an application whose promise is rejected is one that cannot be loaded', async (t) => {
    const { server } = start(t, 'rejection', '--need-app');
    assert.equal(await server.exited(), 22);
    assert.match(server.output, /did not become ready:\nError: the cache is cold\n {4}at /);
  });
});

test('without --wait-ready there is no process.send, as in a program of its own', async (t) => {
  const file = path.join(makeFolder(t, {}), 'ready');
  const server = startServer(t, app, { env: { READY_FILE: file, READY_BY: 'promise' } });
  await server.ready();
});

test('an application that blocks while it is loaded ends at --boot-timeout, the old one serves on', async (t) => {
  const folder = makeFolder(t, {
    'app.mjs':
      "import { existsSync } from 'node:fs';\n" +
      'while (existsSync(process.env.BLOCK_FILE));\n' +
      "export default (_request, response) => response.end('hello');\n",
  });
  const file = path.join(folder, 'block');
  const module = ['--module', path.join(folder, 'app.mjs'), '--disable-logging', '-p', '1'];
  const settings = { env: { BLOCK_FILE: file } };
  const server = startServer(t, [...module, '--boot-timeout', '3'], settings);
  const before = await server.ready();
  writeFileSync(file, '');
  server.kill('SIGHUP');
  await server.logged(/the application blocks while it is loaded: .*--boot-timeout\n/);
  const { workers } = await server.until('abandoned', (stats) => {
    return stats.reload.state === 'abandoned';
  });
  assert.equal(workers[0]!.pid, before.workers[0]!.pid);
  assert.equal((await get(await server.url())).body, 'hello');
});
