import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { refuseMalformed } from '../../../server/http/malformed.js';
import { rawRequest } from '../../support/raw-request.js';

/** A server that says what was asked a little later, and what it has refused. */
async function start(t: TestContext): Promise<{ port: number; refused: string[] }> {
  const refused: string[] = [];
  const server = http.createServer((request, response) => {
    setImmediate(() => response.end(request.url));
  });
  refuseMalformed(server, ({ code }) => refused.push(code));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { port: (server.address() as AddressInfo).port, refused };
}

const CLOSING = [
  'GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  'GET /last HTTP/1.0\r\nHost: a\r\n\r\n',
];

for (const [index, closing] of CLOSING.entries()) {
  const version = index === 0 ? '1.1' : '1.0';
  test(`what stands behind the last request of a connection of HTTP/${version} does not cost it its answer`, async (t) => {
    const { port, refused } = await start(t);
    for (const behind of ['GET /more HTTP/1.1\r\nHost: a\r\n\r\n', 'nonsense', '\r\nmore']) {
      const first = 'GET /first HTTP/1.1\r\nHost: a\r\n\r\n';
      const answer = await rawRequest(port, first + closing + behind);
      assert.match(answer, /^HTTP\/1\.1 200 [^]*\/firstHTTP\/1\.1 200 [^]*\/last$/);
    }
    assert.deepEqual(refused, []);
  });
}

test('what is no request is refused, and nothing behind it', async (t) => {
  const { port, refused } = await start(t);
  assert.match(await rawRequest(port, 'nonsense\r\n\r\nnonsense\r\n\r\n'), /^HTTP\/1\.1 400 /);
  assert.deepEqual(refused, ['malformed']);
});
