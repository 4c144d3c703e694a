import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { TestContext } from 'node:test';
import { busyShop } from './dashboard.js';

/**
 * A stats server as uWSGI's, until the test ends: each connection gets the next document of a busy
 * shop and is closed. Its address.
 */
export async function serveShop(t: TestContext): Promise<string> {
  let second = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(JSON.stringify({ ...busyShop(second++), server: 'uwsgi' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return `127.0.0.1:${address.port}`;
}
