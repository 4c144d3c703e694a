import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { CATSERVE, isAlive, startServer, type TestServer } from '../support/server.js';
import { type StatsdServer, statsdServer } from '../support/udp-server.js';
import { startUpgradable } from '../support/upgrades.js';

const app = ['--module', CATSERVE, '--disable-logging'];

function pushTo(statsd: StatsdServer): string[] {
  return ['--stats-push', `statsd:127.0.0.1:${statsd.port},cats`, '--stats-push-interval', '0.2'];
}

async function send(server: TestServer, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent++) await get(await server.url('/health'));
}

/** What a statsd server has counted over all workers. */
function received({ counters }: StatsdServer, name: string): number {
  const names = new RegExp(`^cats\\.worker\\.\\d+\\.${name}$`);
  return [...counters].reduce((sum, [key, value]) => sum + (names.test(key) ? value : 0), 0);
}

async function counted(server: TestServer, count: number): Promise<void> {
  await server.until(`${count} requests`, ({ workers }) => {
    return workers.reduce((sum, { requests }) => sum + requests, 0) === count;
  });
}

test('a statsd server counts every request once, over the death of workers and to the end', async (t) => {
  await using statsd = await statsdServer();
  const server = startServer(t, [...app, '-p', '2', ...pushTo(statsd)]);
  const before = await server.ready();
  await send(server, 10);
  await counted(server, 10);
  await eventually('ten in statsd', () => received(statsd, 'requests') === 10);
  for (const { pid } of before.workers) process.kill(pid, 'SIGKILL');
  await server.until('other processes', ({ workers }) =>
    workers.every(({ pid, accepting }, at) => accepting === 1 && pid !== before.workers[at]?.pid),
  );
  await send(server, 5);
  server.kill('SIGTERM');
  assert.equal(await server.exited(), 0);
  await eventually('the last push', () => received(statsd, 'requests') === 15);
  assert.equal(received(statsd, 'respawns'), 4);
  assert.ok(statsd.gauges.has('cats.core.accepting_workers'));
  assert.ok(statsd.lengths.every((length) => length <= 1400));
});

test('a master upgrade counts nothing twice', async (t) => {
  await using statsd = await statsdServer();
  const { server, upgrade, end } = startUpgradable(t, [...app, '-p', '1', ...pushTo(statsd)]);
  await server.ready();
  await send(server, 10);
  await counted(server, 10);
  const first = server.pid;
  const second = await upgrade(first);
  await eventually('the end of the old master', () => !isAlive(first));
  await send(server, 7);
  await counted(server, 17);
  await end(second);
  await eventually('the last push', () => received(statsd, 'requests') >= 17);
  assert.equal(received(statsd, 'requests'), 17);
});

test('documents are appended to a file, without --stats too', async (t) => {
  const folder = makeFolder(t, {});
  const file = path.join(folder, 'stats');
  const push = `file:path=${file},separator=\\n,freq=0.1`;
  const server = startServer(t, [...app, '-p', '1', '--stats-push', push], { stats: false });
  const documents = await eventually('three documents', () => {
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return lines.length >= 3 && lines.slice(0, 3).map((line) => JSON.parse(line) as unknown);
  });
  for (const document of documents) {
    assert.equal(Reflect.get(Object(document), 'server'), 'tsuwsgi');
    assert.equal(Reflect.get(Object(document), 'pid'), server.pid);
  }
});

test('targets that cannot be reached cost a line each and leave the instance alone', async (t) => {
  const server = startServer(t, [
    ...app,
    ...['-p', '1', '--stats-push-interval', '0.1'],
    ...['--stats-push', 'file:path=/nowhere/at/all/stats'],
    ...['--stats-push', 'statsd:nowhere.invalid:8125'],
  ]);
  await server.ready();
  await server.logged(/^stats push file:path=\/nowhere\/at\/all\/stats: ENOENT/m);
  await server.logged(/^stats push statsd:nowhere\.invalid:8125: /m);
  await send(server, 3);
  await counted(server, 3);
  assert.equal(server.output.match(/^stats push /gm)?.length, 2);
});

test('a target that is not understood ends the start with the syntax', async (t) => {
  const server = startServer(t, [...app, '--stats-push', 'statsd:localhost'], { stats: false });
  assert.equal(await server.exited(), 1);
  assert.match(server.output, /--stats-push: "statsd:localhost": /);
});
