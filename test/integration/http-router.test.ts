import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { ask } from '../support/ask.js';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { isAlive, startServer } from '../support/server.js';
import { startSteadyLoad } from '../support/steady-load.js';
import { startUpgradable } from '../support/upgrades.js';

const APP = `export default (req, res) => {
  setTimeout(() => res.end(process.pid + ' ' + req.socket.remoteAddress), 5);
};\n`;
const HTTP = ['--http', '127.0.0.1:0', '--module', 'app.mjs', '-p', '2'];

/** Two workers behind a router, and clients that ask without an end. */
async function underLoad(t: TestContext, ...args: string[]) {
  const cwd = makeFolder(t, { 'app.mjs': APP, chain: '' });
  const upgradable = startUpgradable(t, [...HTTP, '--disable-logging', ...args], { cwd });
  const { server } = upgradable;
  await server.until('a router', ({ routers }) => routers[0]?.state === 'ready');
  await server.ready();
  const load = startSteadyLoad(await server.url(), 4);
  const goOn = async (): Promise<void> => {
    const before = load.answered();
    await eventually('answers', () => load.answered() > before + 50);
  };
  await goOn();
  return { ...upgradable, load, goOn, cwd };
}

test('workers behind --http answer, know their client, and are told of in stats and log', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': APP });
  const server = startServer(t, HTTP, { cwd });
  await server.until('a router', ({ routers }) => routers[0]?.state === 'ready');
  const { body } = await get(await server.url('/where'));
  const [pid, address] = body.split(' ');
  assert.equal(address, '127.0.0.1');
  const stats = await server.until('the count', ({ routers }) => routers[0]?.requests === 1);
  assert.ok(stats.workers.some((worker) => String(worker.pid) === pid));
  const port = await server.port();
  assert.deepEqual(stats.routers[0]?.addresses, [`127.0.0.1:${port}`]);
  assert.deepEqual(
    stats.sockets.map(({ name }) => name),
    [`127.0.0.1:${port}`],
  );
  await server.logged(/^tsuwsgi http bound on 127\.0\.0\.1:\d+ fd \d+$/m);
  await server.logged(/^spawned tsuwsgi http 1 \(pid: \d+\)$/m);
  await server.logged(/\] 127\.0\.0\.1 \(\) \{[^\n]* GET \/where =>/);
});

test('the sockets between routers and workers are nobody else’s, and gone after a stop', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': APP });
  const server = startServer(t, HTTP, { cwd });
  await server.ready();
  const runtime = path.join(server.directory, 'tsuwsgi');
  const folder = readdirSync(runtime).find((name) => name.startsWith('http-'));
  assert.ok(folder);
  const inner = path.join(runtime, folder);
  assert.equal(statSync(inner).mode & 0o777, 0o700);
  assert.deepEqual(readdirSync(inner).sort(), ['worker-1.sock', 'worker-2.sock']);
  server.kill('SIGTERM');
  assert.equal(await server.exited(), 0);
  assert.equal(existsSync(inner), false);
});

test('graceful and chain reloads through a router lose no request, and replace it last', async (t) => {
  const { server, load, goOn, cwd } = await underLoad(t, '--touch-chain-reload', 'chain');
  const { routers: before } = await server.stats();
  server.kill('SIGHUP');
  const { routers: after } = await server.until('the reload', ({ generation }) => generation === 1);
  assert.notEqual(after[0]?.pid, before[0]?.pid);
  await goOn();
  const later = Date.now() / 1000 + 1;
  utimesSync(path.join(cwd, 'chain'), later, later);
  await server.until('the chain reload', ({ generation }) => generation === 2);
  await goOn();
  await load.stop();
  assert.deepEqual(load.failures, []);
  await server.until('exact counts', ({ routers }) => routers[0]?.requests === load.answered());
});

test('a router that is killed under load is followed, and only what it held is lost', async (t) => {
  const { server, load, goOn } = await underLoad(t);
  const pid = (await server.stats()).routers[0]!.pid;
  process.kill(pid, 'SIGKILL');
  await server.until('its successor', ({ routers }) => {
    return routers[0]?.state === 'ready' && routers[0].pid !== pid;
  });
  await goOn();
  await load.stop();
  assert.ok(
    load.failures.length <= 8,
    `${load.failures.length} of 8 clients: ${load.failures.join()}`,
  );
  const { routers } = await server.stats();
  assert.equal(routers[0]?.respawn_count, 2);
  assert.equal(routers[0].last_exit?.signal, 'SIGKILL');
});

test('a worker that is killed behind a router costs nobody more than what it was at', async (t) => {
  const { server, load, goOn } = await underLoad(t);
  const pid = (await server.stats()).workers[0]!.pid;
  process.kill(pid, 'SIGKILL');
  await server.until('its successor', ({ workers }) => {
    return workers[0]?.accepting === 1 && workers[0].pid !== pid;
  });
  await goOn();
  await load.stop();
  // What it was at are GET requests without an answer: the router gives them to the other one.
  assert.deepEqual(load.failures, []);
});

test('an upgrade through a router loses no request, and a stop leaves no file', async (t) => {
  const { server, load, goOn, upgrade, end, cwd } = await underLoad(t);
  writeFileSync(path.join(cwd, 'app.mjs'), APP.replace("' '", "' new '"));
  const successor = await upgrade(server.pid);
  await eventually('the end of the old master', () => !isAlive(server.pid));
  await goOn();
  await load.stop();
  assert.deepEqual(load.failures, []);
  assert.match((await get(await server.url())).body, / new /);
  await end(successor);
  assert.deepEqual(readdirSync(path.join(server.directory, 'tsuwsgi')), []);
});

/** Answers at once, but for a request that blocks the loop, or that never ends. */
const STUCK = `export default (request, response) => {
  if (request.url === '/blocks') for (;;);
  if (request.url !== '/hangs') response.end('ok');
};\n`;

for (const [target, what, status] of [
  ['/hangs', 'waits for ever', 504],
  // Its worker had to be killed, and could say nothing any more.
  ['/blocks', 'blocks its worker', 502],
] as const) {
  test(`harakiri of a request that ${what} costs no other request, and it gets ${status}`, async (t) => {
    const cwd = makeFolder(t, { 'app.mjs': STUCK });
    const args = [...HTTP, '--harakiri', '1', '--disable-logging', '--http-timeout', '20'];
    const server = startServer(t, args, { cwd });
    await server.until('a router', ({ routers }) => routers[0]?.state === 'ready');
    await server.ready();
    const load = startSteadyLoad(await server.url(), 4);
    t.after(() => load.stop());
    await eventually('answers', () => load.answered() > 50);
    // A POST is never asked twice: it may have been done.
    const stuck = await ask(await server.port(), { path: target, method: 'POST' });
    assert.equal(stuck.status, status);
    await server.until('the harakiri and a new worker', ({ workers, harakiris }) => {
      return harakiris.length === 1 && workers.every(({ accepting }) => accepting === 1);
    });
    const before = load.answered();
    await eventually('answers', () => load.answered() > before + 50);
    await load.stop();
    assert.deepEqual(load.failures, []);
  });
}

test('the private folder of a master that was killed is removed by the next one, and no other', async (t) => {
  const runtime = makeFolder(t, {});
  const settings = { cwd: makeFolder(t, { 'app.mjs': APP }), env: { XDG_RUNTIME_DIR: runtime } };
  const folders = (): string[] =>
    readdirSync(path.join(runtime, 'tsuwsgi')).filter((name) => name.startsWith('http-'));
  const living = startServer(t, HTTP, settings);
  await living.ready();
  const [kept] = folders();
  const killed = startServer(t, HTTP, settings);
  await killed.ready();
  const left = folders().find((name) => name !== kept);
  killed.kill('SIGKILL');
  await killed.exited();
  assert.equal(folders().length, 2);
  const next = startServer(t, HTTP, settings);
  await next.ready();
  const now = folders();
  assert.ok(kept !== undefined && now.includes(kept), 'that of a master that lives stays');
  assert.ok(left !== undefined && !now.includes(left), 'that of the killed one is gone');
  assert.equal((await get(await living.url())).status, 200);
});
