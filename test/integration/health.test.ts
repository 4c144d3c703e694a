import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { ask } from '../support/metrics-text.js';
import { CATSERVE, startServer, type TestServer } from '../support/server.js';

const app = ['--module', CATSERVE, '--disable-logging'];

/** Waits until `/readyz` says what is expected; `/healthz` is 200 all the time. */
async function readyz(server: TestServer, status: number, line: RegExp): Promise<void> {
  await eventually(`/readyz to be ${status}, ${line}`, async () => {
    const alive = await ask(server, '/healthz');
    assert.deepEqual([alive.status, alive.body], [200, 'ok\n']);
    const found = await ask(server, '/readyz');
    assert.match(found.body, /^[^\n]+\n$/);
    assert.equal(found.headers['cache-control'], 'no-store');
    if (found.status === status && line.test(found.body)) return true;
    throw new Error(`${found.status} ${found.body}`);
  });
}

test('an instance is alive at once, ready when a worker is, and not while it is paused', async (t) => {
  const server = startServer(t, [...app, '-p', '2']);
  await readyz(server, 200, /^ready: 2 of 2 workers accept$/m);
  server.kill('SIGTSTP');
  await readyz(server, 503, /^paused: /);
  server.kill('SIGCONT');
  await readyz(server, 200, /^ready: /);
});

test('an instance whose application takes its time is starting', async (t) => {
  const slow = `
    const { existsSync } = await import('node:fs');
    while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 20));
    export default (_req, res) => res.end('at last');
  `;
  const folder = makeFolder(t, { 'app.mjs': slow });
  const server = startServer(t, ['--module', 'app.mjs', '-p', '2'], { cwd: folder });
  await readyz(server, 503, /^starting: none of 2 workers has loaded its application yet$/m);
  writeFileSync(`${folder}/go`, '');
  await readyz(server, 200, /^ready: /);
});

test('an instance behind --http is not ready before its router listens', async (t) => {
  const held = `
    import { existsSync } from 'node:fs';
    const isRouter = process.env.TSUWSGI_ROUTER !== undefined;
    while (isRouter && !existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 20));
  `;
  const folder = makeFolder(t, { 'hold.mjs': held });
  const env = { NODE_OPTIONS: `--import ${folder}/hold.mjs` };
  const server = startServer(t, [...app, '-p', '1', '--http', '127.0.0.1:0'], { cwd: folder, env });
  await readyz(server, 503, /^no router accepts: 1 starting$/m);
  await assert.rejects(get(await server.url('/')), /ECONNREFUSED/);
  writeFileSync(`${folder}/go`, '');
  await readyz(server, 200, /^ready: 1 of 1 workers accept$/m);
  assert.equal((await get(await server.url('/'))).status, 200);
});

test('an instance whose application does not load is not ready, though it answers 500', async (t) => {
  const folder = makeFolder(t, { 'app.mjs': 'this is no module\n' });
  const server = startServer(t, ['--module', 'app.mjs', '-p', '1'], { cwd: folder });
  await readyz(server, 503, /^no application: /);
  assert.equal((await get(await server.url('/'))).status, 500);
});

test('an instance whose only event loop is blocked is not ready until it turns again', async (t) => {
  const server = startServer(t, [...app, '-p', '1']);
  await readyz(server, 200, /^ready: /);
  const blocked = get(await server.url('/block?s=5'));
  await readyz(server, 503, /^stalled: .* one for \d+\.\d s$/m);
  await blocked;
  await readyz(server, 200, /^ready: /);
});

test('an instance that finishes its requests says that it stops', async (t) => {
  const server = startServer(t, [...app, '-p', '1']);
  await readyz(server, 200, /^ready: /);
  const slow = get(await server.url('/slow?s=5'));
  await server.until('the request in flight', (stats) => stats.in_flight === 1);
  server.kill('SIGTERM');
  await readyz(server, 503, /^stopping: /);
  assert.equal((await slow).status, 200);
  assert.equal(await server.exited(), 0);
});

test('a probe that comes with the address of the pod, or with HEAD, is answered', async (t) => {
  // On a loaded machine the probe's own bytes may be late: that they are waited for is not asked here.
  const server = startServer(t, [...app, '-p', '1', '--stats-wait', '2000']);
  await server.ready();
  for (const path of ['/healthz', '/readyz']) {
    assert.equal((await ask(server, path, { headers: { Host: '10.244.1.7:9191' } })).status, 200);
    const head = await ask(server, path, { method: 'HEAD' });
    assert.deepEqual([head.status, head.body], [200, '']);
    assert.equal((await ask(server, path, { headers: { Host: 'evil.example' } })).status, 421);
  }
});
