import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get, startLoad } from '../support/http.js';
import { CATSERVE, startServer } from '../support/server.js';

const app = ['--module', CATSERVE, '--disable-logging'];

for (const keepAlive of [false, true]) {
  const how = keepAlive ? 'kept-alive connections' : 'a connection a request';
  test(`SIGHUP under load on ${how} loses no request`, async (t) => {
    const server = startServer(t, [...app, '-p', '2']);
    const before = await server.ready();
    const load = startLoad(await server.url('/health'), 4, keepAlive);
    await eventually('answers', () => load.answered() > 50);
    server.kill('SIGHUP');
    const after = await server.until('the reload', (stats) => stats.generation === 1);
    const answered = load.answered();
    await eventually('answers after the reload', () => load.answered() > answered + 50);
    const result = await load.stop();
    assert.deepEqual(result.failures, []);
    assert.ok(
      after.workers.every(({ pid }, index) => pid !== before.workers[index]!.pid),
      'every process is another one',
    );
    assert.equal(after.reload.state, 'done');
    await server.until('exact counts', ({ workers }) => {
      const counted = workers.reduce((sum, { requests }) => sum + requests, 0);
      return counted === result.answered;
    });
  });
}

test('a request in flight is finished by the old process while the new one serves', async (t) => {
  const server = startServer(t, [...app, '-p', '1']);
  await server.ready();
  const slow = get(await server.url('/slow?s=3'));
  const before = await server.until('the slow request', (stats) => stats.in_flight === 1);
  server.kill('SIGHUP');
  const during = await server.until('the new process', (stats) => stats.generation === 1);
  const [worker] = during.workers;
  assert.notEqual(worker!.pid, before.workers[0]!.pid);
  assert.deepEqual(
    worker!.draining.map(({ pid, in_flight }) => ({ pid, in_flight })),
    [{ pid: before.workers[0]!.pid, in_flight: 1 }],
  );
  assert.equal((await get(await server.url('/health'))).status, 200);
  assert.equal((await slow).status, 200);
  await server.until('the end of the old process', (stats) => !stats.workers[0]!.draining.length);
});

test('new code that does not load leaves the old processes in place', async (t) => {
  const folder = makeFolder(t, { 'app.mjs': "export default (_req, res) => res.end('old');\n" });
  const args = ['--module', 'app.mjs', '--disable-logging', '-p', '2'];
  const server = startServer(t, args, { cwd: folder });
  const before = await server.ready();
  writeFileSync(path.join(folder, 'app.mjs'), 'this is no module\n');
  server.kill('SIGHUP');
  const after = await server.until(
    'the end of the reload',
    (stats) => stats.reload.state === 'abandoned',
  );
  assert.equal(after.generation, 0);
  assert.deepEqual(
    after.workers.map(({ pid }) => pid),
    before.workers.map(({ pid }) => pid),
  );
  assert.match(after.reload.reason, /^worker \d \(pid: \d+\): SyntaxError: /);
  assert.match(server.output, /\*\*\* reload abandoned, the old workers stay: worker \d .*\*\*\*/);
  assert.equal((await get(await server.url())).body, 'old');

  writeFileSync(path.join(folder, 'app.mjs'), "export default (_q, r) => r.end('new');\n");
  server.kill('SIGHUP');
  await server.until('a good reload', (stats) => stats.generation === 1);
  assert.equal((await get(await server.url())).body, 'new');
});

test('an exception outside a request is counted and its worker replaced', async (t) => {
  const cwd = makeFolder(t, {
    'app.mjs': `export default (req, res) => {
      if (req.url === '/later') setImmediate(() => { throw new Error('nobody awaits this'); });
      if (req.url === '/reject') void Promise.reject(new Error('nor this'));
      res.end(String(process.pid));
    };\n`,
  });
  const server = startServer(t, ['--module', 'app.mjs', '--disable-logging'], { cwd });
  for (const [index, route] of ['/later', '/reject'].entries()) {
    const before = await server.ready();
    assert.equal((await get(await server.url(route))).status, 200);
    const after = await server.until('another process', ({ workers: [worker] }) => {
      return worker!.accepting === 1 && worker!.pid !== before.workers[0]!.pid;
    });
    assert.equal(after.workers[0]!.exceptions, index + 1);
  }
  assert.match(server.output, /uncaughtException outside a request:\nError: nobody awaits this/);
  assert.match(server.output, /unhandledRejection outside a request:\nError: nor this/);
});
