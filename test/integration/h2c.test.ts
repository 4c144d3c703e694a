import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { makeFolder } from '../support/folder.js';
import { rawRequest } from '../support/raw-request.js';
import { startServer } from '../support/server.js';

/** An application that takes every offer of another protocol for one of its own. */
const APPLICATION = `
import http from 'node:http';
export default http
  .createServer((request, response) => {
    let body = '';
    request.setEncoding('latin1').on('data', (part) => (body += part));
    request.on('end', () => response.end(request.method + ' ' + request.url + ' ' + body + '\\n'));
  })
  .on('upgrade', (request, socket) => socket.end('HTTP/1.1 101 Switching Protocols\\r\\n\\r\\n'));
`;

const OFFER =
  'HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n';

describe("Java's first request, which offers HTTP/2 in the clear, is served as one of HTTP/1.1", () => {
  for (const front of ['--http-socket', '--http']) {
    test(`by ${front}`, async (t) => {
      const module = path.join(makeFolder(t, { 'app.mjs': APPLICATION }), 'app.mjs');
      const server = startServer(t, [front, '127.0.0.1:0', '--module', module, '-p', '1']);
      await server.ready();
      await server.until('routers', ({ routers }) =>
        routers.every(({ state }) => state === 'ready'),
      );
      const answer = await rawRequest(
        await server.port(),
        `POST /1 ${OFFER}Content-Length: 4\r\n\r\ncats` +
          `POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\ndog\r\n0\r\n\r\n`,
      );
      assert.match(answer, /^HTTP\/1\.1 200 OK\r\n[^]*\nPOST \/1 cats\n[^]*\nPOST \/2 dog\n/);
      const stats = await server.until('the count', ({ workers }) => workers[0]?.requests === 2);
      assert.equal(stats.workers[0]?.exceptions, 0);
    });
  }
});
