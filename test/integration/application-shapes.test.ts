import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  fixtureApp,
  startApplication,
  type ApplicationProcess,
} from '../support/application-process.js';
import { bindTcp, bindUnix, type InheritedSocket } from '../support/inherited-socket.js';

const SHAPES: readonly [file: string, shape: string, answer: string, exportName?: string][] = [
  ['listener.mjs', 'listener', 'listener /hello'],
  ['listener.cjs', 'listener', 'listener /hello'],
  ['express.mjs', 'express', 'express /hello'],
  ['express.cjs', 'express', 'express /hello'],
  ['express.cjs', 'express', 'express /hello', 'app'],
  ['promise.cjs', 'express', 'express /hello'],
  ['koa.mjs', 'koa', 'koa /hello'],
  ['koa.mjs', 'koa', 'koa /hello', 'app'],
  ['koa.cjs', 'koa', 'koa /hello'],
  ['fastify.mjs', 'fastify', 'fastify /hello'],
  ['fastify.cjs', 'fastify', 'fastify /hello'],
  ['hono.mjs', 'fetch', 'fetch /hello'],
  ['hono.cjs', 'fetch', 'fetch /hello'],
  ['fetch.mjs', 'fetch', 'fetch /hello'],
  ['server.mjs', 'server', 'server /hello'],
  ['server.cjs', 'server', 'server /hello'],
  ['https-server.mjs', 'server', 'server /hello'],
  ['listens-http.cjs', 'listens itself', 'http /hello'],
  ['listens-https.mjs', 'listens itself', 'server /hello'],
  ['listens-express.mjs', 'listens itself', 'express /hello'],
  ['listens-express.cjs', 'listens itself', 'express /hello'],
  ['listens-koa.mjs', 'listens itself', 'koa /hello'],
  ['listens-koa.cjs', 'listens itself', 'koa /hello'],
  ['listens-fastify.mjs', 'listens itself', 'fastify /hello'],
  ['listens-fastify.cjs', 'listens itself', 'fastify /hello'],
  ['listens-late.mjs', 'listens itself', 'late /hello'],
];

for (const [file, shape, answer, exportName] of SHAPES) {
  const name = exportName === undefined ? file : `${file}:${exportName}`;
  test(`${name} is served on the inherited socket as "${shape}"`, async (t) => {
    const socket = bind(t);
    const app = await start(
      t,
      { file: fixtureApp(file), ...(exportName && { exportName }) },
      socket,
    );
    const { report } = app;
    assert.deepEqual([report.error, report.shape], [undefined, shape]);
    assert.deepEqual(
      [report.announced, report.listenedBefore, report.sameServer],
      [1, false, true],
      'the server is announced once, before it listens',
    );
    assert.deepEqual(report.address, socket.place.address);
    assert.equal(await get(socket, file.includes('https')), answer);
  });
}

test('the backlog reaches the kernel, also through the listen() of the application', async (t) => {
  if (spawnSync('ss', ['-V']).error) {
    t.skip('needs ss (package iproute2)');
    return;
  }
  for (const file of ['listener.mjs', 'listens-http.mjs', 'fastify.mjs']) {
    const socket = bind(t, 37);
    await start(t, { file: fixtureApp(file) }, socket);
    const lines = execFileSync('ss', ['-Hltn', `sport = :${portOf(socket)}`], { encoding: 'utf8' });
    assert.equal(lines.trim().split(/\s+/)[2], '37', `${file}: ${lines}`);
  }
});

test('an application that listens itself gets its callback, its event and the public address', async (t) => {
  const socket = bind(t);
  const app = await start(t, { file: fixtureApp('listens-http.mjs') }, socket);
  await app.saw('event\n');
  assert.equal(app.errorOutput(), `callback ${portOf(socket)}\nevent\n`);
  assert.equal(await get(socket), `http /hello at ${portOf(socket)}`);
});

test('Fastify logs the public address, and its onListen hooks run when it is only exported', async (t) => {
  const listening = bind(t);
  const itself = await start(t, { file: fixtureApp('listens-fastify.mjs') }, listening);
  await itself.saw(`http://127.0.0.1:${portOf(listening)}\n`);
  const exported = await start(t, { file: fixtureApp('fastify.mjs') }, bind(t));
  await exported.saw('onListen\n');
});

test('a second listen() on the port is taken for done; other ports and raw servers stay its own', async (t) => {
  const socket = bind(t);
  const app = await start(t, { file: fixtureApp('listens-twice.mjs') }, socket);
  await app.saw('closed false');
  const [main, second, metrics, raw] = (app.errorOutput().split('\n')[0] ?? '').split(' ');
  assert.deepEqual([main, second], [String(portOf(socket)), String(portOf(socket))]);
  assert.equal(new Set([main, metrics, raw]).size, 3);
  assert.equal(await get(socket), 'main /hello');
  assert.equal(await request({ port: Number(metrics) }), 'metrics');
});

test('an exported application whose own listen() comes later is served once', async (t) => {
  const socket = bind(t);
  const app = await start(t, { file: fixtureApp('exports-and-listens-late.mjs') }, socket);
  assert.equal(app.report.shape, 'express');
  await app.saw('callback\n');
  assert.equal(await get(socket), 'express /hello');
});

test('a named export is served; the module cannot listen with it on another port besides', async (t) => {
  const file = fixtureApp('listens-express.mjs');
  const app = await start(t, { file, exportName: 'default' }, bind(t));
  assert.equal(
    app.report.error,
    `${file}: the export "default" also listens by itself on port 3000: ` +
      `write --module ${file} without a name, and its listen() is given the shared socket`,
  );
});

for (const file of ['listener.mjs', 'listens-koa.mjs', 'fastify.mjs', 'listens-fastify.cjs']) {
  test(`${file} is served on an inherited unix socket, whose path is the address`, async (t) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsuwsgi-'));
    t.after(() => {
      fs.rmSync(folder, { recursive: true });
    });
    const socketPath = path.join(folder, 'app.sock');
    const socket = bindUnix(socketPath);
    t.after(socket.close);
    const app = await start(t, { file: fixtureApp(file) }, socket);
    assert.equal(app.report.address, socketPath);
    assert.match(await request({ socketPath }), / \/hello$/);
  });
}

test('a listen() that fails is reported by listen() and ends nothing by itself', async (t) => {
  const fd = fs.openSync(fixtureApp('listener.mjs'), 'r');
  t.after(() => {
    fs.closeSync(fd);
  });
  const { place } = bind(t);
  const noSocket: InheritedSocket = { place: { ...place, fd }, close: () => undefined };
  for (const file of ['listener.mjs', 'listens-http.cjs', 'fastify.mjs']) {
    const app = await start(t, { file: fixtureApp(file) }, noSocket);
    assert.match(app.report.listenError ?? '', /EINVAL|ERR_INVALID_FD_TYPE/, file);
  }
});

function bind(t: TestContext, backlog?: number): InheritedSocket {
  const socket = bindTcp(backlog);
  t.after(socket.close);
  return socket;
}

async function start(
  t: TestContext,
  order: Parameters<typeof startApplication>[0],
  socket: InheritedSocket,
): Promise<ApplicationProcess> {
  const app = await startApplication(order, socket);
  t.after(app.stop);
  return app;
}

function portOf(socket: InheritedSocket): number {
  return (socket.place.address as AddressInfo).port;
}

function get(socket: InheritedSocket, tls = false): Promise<string> {
  return request({ port: portOf(socket) }, tls);
}

/** Asks for /hello and resolves with the body. */
function request(where: http.RequestOptions, tls = false): Promise<string> {
  const options = { ...where, host: '127.0.0.1', path: '/hello', agent: false };
  return new Promise((resolve, reject) => {
    const read = (res: http.IncomingMessage): void => {
      let body = '';
      res.setEncoding('utf8').on('data', (text: string) => (body += text));
      res.on('end', () => {
        resolve(body);
      });
    };
    const sent = tls
      ? https.get({ ...options, rejectUnauthorized: false }, read)
      : http.get(options, read);
    sent.on('error', reject);
  });
}
