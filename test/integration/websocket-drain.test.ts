import assert from 'node:assert/strict';
import { once } from 'node:events';
import path from 'node:path';
import http from 'node:http';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { eventually } from '../support/eventually.js';
import { APPS, startServer } from '../support/server.js';

const app = ['--module', path.join(APPS, 'websocket.mjs'), '--disable-logging', '-p', '1'];

test('a reload closes WebSockets with 1001, which client and application both see', async (t) => {
  const server = startServer(t, app);
  await server.ready();
  const socket = new WebSocket(`ws://127.0.0.1:${await server.port()}/`);
  await once(socket, 'open');
  socket.send('hello');
  const [data] = (await once(socket, 'message')) as [Buffer];
  assert.equal(data.toString(), 'echo hello');
  server.kill('SIGHUP');
  const [code] = (await once(socket, 'close')) as [number];
  assert.equal(code, 1001);
  await server.logged(/app: a WebSocket closed with 1001/);
  const { workers } = await server.until('the end of the old process', (stats) => {
    return stats.generation === 1 && stats.workers[0]!.draining.length === 0;
  });
  assert.equal(workers[0]!.last_exit?.code, 17);
});

test('a stream of server-sent events goes on while its worker drains', async (t) => {
  const server = startServer(t, app);
  const { workers } = await server.ready();
  let text = '';
  const request = http.get(await server.url('/events'), (response) => {
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  });
  request.on('error', () => undefined);
  const events = (): number => text.split('data:').length - 1;
  await eventually('events', () => events() > 3);
  process.kill(workers[0]!.pid, 'SIGHUP');
  await server.until('the drain', ({ workers: [worker] }) => worker!.draining.length === 1);
  // Fifty a second at most, so that both graces of the drain are over before the last of these.
  const before = events();
  await eventually('events well beyond the graces of the drain', () => events() > before + 60);
  assert.equal((await server.worker(1)).draining[0]?.pid, workers[0]!.pid);
  request.destroy();
  await server.until('its end', (stats) => stats.workers[0]!.draining.length === 0);
  assert.equal((await server.worker(1)).last_exit?.code, 17);
});
