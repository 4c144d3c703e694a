import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import path from 'node:path';
import type { StatsDocument } from '../../shared/stats.js';
import { get, hold, raw } from '../support/http.js';
import { APPS, CATSERVE, startServer } from '../support/server.js';

const quiet = ['--disable-logging'];

const total = ({ workers }: StatsDocument): number =>
  workers.reduce((sum, worker) => sum + worker.requests, 0);

/** Every shape of an application, and modules that listen themselves, in both module systems. */
const SHAPES = [
  ...['listener.mjs', 'listener.cjs', 'server.mjs', 'fetch.mjs', 'hono.mjs', 'hono.cjs'],
  ...['express.mjs', 'express.cjs', 'koa.mjs', 'koa.cjs', 'fastify.mjs', 'fastify.cjs'],
  ...['listens-http.mjs', 'listens-http.cjs', 'listens-express.mjs', 'listens-koa.mjs'],
  ...['listens-fastify.mjs', 'listens-late.mjs'],
];

for (const shape of SHAPES) {
  test(`every request to ${shape} is counted once`, async (t) => {
    const server = startServer(t, ['--module', path.join(APPS, shape), '-p', '2', ...quiet]);
    await server.ready();
    const url = await server.url('/hello?a=1');
    const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) => get(url, i % 2 ? agent : undefined)),
    );
    agent.destroy();
    assert.ok(answers.every(({ status }) => status === 200));
    // Ten more whose client is gone before it can have read a byte.
    const line = 'GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const port = await server.port();
    for (let i = 0; i < 10; i++) (await hold(port, line)).destroy();
    const stats = await server.until('70 requests, none in flight', (document) => {
      return total(document) >= 70 && document.in_flight === 0;
    });
    assert.equal(total(stats), 70);
    assert.equal(stats.in_flight, 0);
    assert.equal(
      stats.workers.reduce((sum, { exceptions }) => sum + exceptions, 0),
      0,
    );
    assert.ok(stats.workers.reduce((sum, { tx }) => sum + tx, 0) > 60 * 50, 'bytes are counted');
  });
}

test('aborted, pipelined and failed requests are counted once each, and nothing stays in flight', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, ...quiet]);
  await server.ready();
  const port = await server.port();
  const url = await server.url();
  const request = (target: string, more = ''): string =>
    `GET ${target} HTTP/1.1\r\nHost: cats\r\n${more}\r\n`;
  // 10 whose client leaves while they run.
  const left = await Promise.all(
    Array.from({ length: 10 }, () => hold(port, request('/slow?s=20'))),
  );
  await server.until('10 in flight', (stats) => stats.in_flight === 10);
  for (const socket of left) socket.destroy();
  const aborted = await server.until('10 aborted', (stats) => stats.workers[0]!.aborted === 10);
  assert.equal(total(aborted), 10);
  // 5 in one piece on one connection.
  await raw(port, request('/health').repeat(4) + request('/health', 'Connection: close\r\n'));
  // 1 behind a slow one on the same connection, and both lost with it.
  const pipelined = await hold(port, request('/slow?s=20') + request('/health'));
  await server.until('the slow one', (stats) => stats.in_flight >= 1);
  pipelined.destroy();
  // 3 that throw, 2 that reject, 1 that the gate refuses.
  for (const route of ['throw', 'throw', 'throw', 'reject', 'reject']) {
    assert.equal((await get(url + route)).status, 500);
  }
  assert.match(await raw(port, request('/', 'Host: dogs\r\n')), /^HTTP\/1\.1 400 /);
  const stats = await server.until('no request in flight', (document) => {
    return document.in_flight === 0 && total(document) >= 10 + 5 + 2 + 5 + 1;
  });
  assert.equal(total(stats), 23);
  assert.equal(stats.workers[0]!.exceptions, 5);
  assert.equal(stats.workers[0]!.aborted, 12);
  assert.equal(stats.queue_depth, 0);
});

test('an event stream is in flight while it is open, an upgraded connection is not', async (t) => {
  const server = startServer(t, ['--module', path.join(APPS, 'upgrades.mjs'), ...quiet]);
  await server.ready();
  const port = await server.port();
  const stream = await hold(port, 'GET /stream HTTP/1.1\r\nHost: cats\r\n\r\n');
  await server.until('the stream', (stats) => stats.in_flight === 1);
  const head = 'Connection: Upgrade\r\nUpgrade: echo\r\n';
  const echo = await hold(port, `GET /echo HTTP/1.1\r\nHost: cats\r\n${head}\r\n`);
  const open = await server.until('the upgrade', (stats) => stats.workers[0]!.upgraded === 1);
  assert.equal(open.in_flight, 1);
  assert.equal(total(open), 1);
  echo.destroy();
  stream.destroy();
  const closed = await server.until('both closed', (stats) => {
    return stats.workers[0]!.upgraded === 0 && stats.in_flight === 0;
  });
  assert.equal(total(closed), 2);
});

test('the stats are exact while every worker is blocked', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '-p', '2', ...quiet]);
  await server.ready();
  const url = await server.url();
  for (let i = 0; i < 10; i++) await get(`${url}health`);
  await server.until('10 requests', (stats) => total(stats) === 10);
  const port = await server.port();
  // A connection each, one after the other, until both workers have one to choke on.
  const blocking = [];
  for (let blocked = 1; blocked <= 2; blocked++) {
    const line = `GET /block?s=60&n=${blocked} HTTP/1.1\r\nHost: cats\r\n\r\n`;
    blocking.push(await hold(port, line));
    await server.until(`${blocked} blocked`, (stats) => {
      return stats.workers.filter((worker) => worker.stalled_ms > 300).length === blocked;
    });
  }
  const waiting = await hold(port, 'GET /health HTTP/1.1\r\nHost: cats\r\n\r\n');
  const stats = await server.until(
    'a client in the kernel',
    (document) => document.listen_queue === 1,
  );
  assert.equal(total(stats), 10);
  assert.equal(stats.in_flight, 2);
  for (const worker of stats.workers) {
    assert.equal(worker.status, 'busy');
    const [core] = (worker.cores ?? []).filter(({ in_request }) => in_request === 1);
    assert.match(
      core!.vars.join(' '),
      /^REQUEST_METHOD=GET REQUEST_URI=\/block\?s=60&n=\d REMOTE_ADDR=127\.0\.0\.1 $/,
    );
    assert.ok(Math.abs(core!.req_info.request_start! - Date.now() / 1000) < 60);
  }
  for (const socket of [...blocking, waiting]) socket.destroy();
});

test('--async caps what runs at once, and counts who waits', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '--async', '2', ...quiet]);
  await server.ready();
  const url = await server.url();
  const answers = Array.from({ length: 5 }, () => get(`${url}slow?s=1`));
  const stats = await server.until('a queue', (document) => document.queue_depth === 3);
  assert.equal(stats.async, 2);
  assert.equal(stats.in_flight, 2);
  assert.equal(stats.workers[0]!.cores?.length, 2);
  assert.ok(stats.workers[0]!.cores.every(({ in_request }) => in_request === 1));
  assert.ok((await Promise.all(answers)).every(({ status }) => status === 200));
  const after = await server.until('all done', (document) => total(document) === 5);
  assert.equal(after.queue_depth, 0);
});

test('latency, running time and bytes are those of the requests', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, ...quiet]);
  await server.ready();
  await get(await server.url('/slow?s=0.5'));
  const { workers } = await server.until('one request', (stats) => total(stats) === 1);
  const [worker] = workers;
  assert.ok(worker!.running_time >= 490_000 && worker!.running_time < 5_000_000);
  // uWSGI's (old + last) / 2, from 0.
  assert.ok(Math.abs(worker!.avg_rt - worker!.running_time / 2) <= 1);
  assert.equal(worker!.latency.count, 1);
  assert.equal(worker!.latency.sum_us, worker!.running_time);
});
