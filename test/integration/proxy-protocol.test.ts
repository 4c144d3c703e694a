import assert from 'node:assert/strict';
import type http from 'node:http';
import net from 'node:net';
import { describe, test } from 'node:test';
import tls from 'node:tls';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { rawRequest } from '../support/raw-request.js';
import { RawClient, startRouterRig } from '../support/router-rig.js';
import { startSecureRig } from '../support/secure-rig.js';
import { startServer } from '../support/server.js';

const tellsClient: http.RequestListener = ({ headers, url = '' }, response) => {
  response.end(`${url} is for ${String(headers['x-forwarded-for'])}`);
};

const ONE = 'PROXY TCP4 192.0.2.7 10.0.0.1 56143 80\r\n';
const TWO = Buffer.concat([
  Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1'),
  Buffer.from([0x21, 0x11, 0, 12, 192, 0, 2, 7, 10, 0, 0, 1, 0xdb, 0x4f, 0, 80]),
]).toString('latin1');
const REQUEST = 'GET /a HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n';
const LAST = 'GET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const SETTINGS = { proxyProtocol: true, trusted: ['127.0.0.0/8'] };

describe('a connection that begins with a header of the PROXY protocol', () => {
  for (const [version, header] of [
    ['1', ONE],
    ['2', TWO],
  ] as const) {
    test(`of version ${version} is its client's, for every request on it`, async (t) => {
      const { port } = await startRouterRig(t, [{ handler: tellsClient }], SETTINGS);
      const answer = await rawRequest(port, header + REQUEST + LAST);
      assert.match(answer, /\/a is for 192\.0\.2\.7HTTP[^]*\/b is for 192\.0\.2\.7$/);
    });

    test(`of version ${version} is read wherever it is cut`, async (t) => {
      const { port } = await startRouterRig(t, [{ handler: tellsClient }], SETTINGS);
      const whole = header + LAST;
      for (let at = 1; at <= header.length + 1; at++) {
        using client = new RawClient(port).send(whole.slice(0, at));
        await new Promise(setImmediate);
        client.send(whole.slice(at));
        await eventually('the end', () => client.ending === 'end');
        assert.match(client.received, /\/b is for 192\.0\.2\.7$/, `cut at ${at}`);
      }
    });
  }

  test("that tells of no client is its peer's", async (t) => {
    const { port } = await startRouterRig(t, [{ handler: tellsClient }], SETTINGS);
    assert.match(await rawRequest(port, `PROXY UNKNOWN\r\n${LAST}`), /\/b is for 127\.0\.0\.1$/);
  });

  test('of a stranger is closed, counted and logged', async (t) => {
    const { port, router, log } = await startRouterRig(t, [{ handler: tellsClient }], {
      ...{ proxyProtocol: true, trusted: ['10.0.0.0/8'] },
    });
    assert.equal(await rawRequest(port, ONE + LAST), '');
    assert.deepEqual(router.figures().refused, [['proxy_protocol', 1]]);
    assert.match(
      log.join('\n'),
      /^a connection of 127\.0\.0\.1 was closed: it is none of --trust-proxy/,
    );
  });
});

test('before TLS it tells who the client is as well', async (t) => {
  const { securePort, ca } = await startSecureRig(t, [{ handler: tellsClient }], SETTINGS);
  const connection = net.connect(securePort, '127.0.0.1').on('error', () => undefined);
  connection.write(ONE, 'latin1');
  const secure = tls.connect({ socket: connection, ca, servername: 'localhost' });
  t.after(() => secure.destroy());
  let received = '';
  secure.setEncoding('latin1').on('data', (text: string) => (received += text));
  secure.on('error', () => undefined).write(LAST);
  await eventually('the answer', () => received.endsWith('/b is for 192.0.2.7'));
});

test('a connection without a valid header is closed, counted and logged', async (t) => {
  const { port, router, log } = await startRouterRig(t, [{ handler: tellsClient }], SETTINGS);
  for (const bytes of [LAST, ONE.replace('192', '999') + LAST, `${TWO.slice(0, 12)}\x31${LAST}`]) {
    assert.equal(await rawRequest(port, bytes), '');
  }
  assert.deepEqual(router.figures().refused, [['proxy_protocol', 3]]);
  assert.match(log.join('\n'), /does not begin with a valid PROXY header/);
});

test('a header that does not come in time is not waited for', async (t) => {
  const { port, log } = await startRouterRig(t, [{ handler: tellsClient }], {
    ...SETTINGS,
    headersTimeoutMs: 50,
  });
  assert.equal(await rawRequest(port, ONE.slice(0, 9)), '');
  assert.match(log.join('\n'), /its PROXY header did not come in time/);
});

test('--http-enable-proxy-protocol has the client in the log, and needs --trust-proxy', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': 'export default (request, response) => response.end();' });
  const args = ['--module', 'app.mjs', '-p', '1', '--http', '127.0.0.1:0'];
  const proxy = [...args, '--http-enable-proxy-protocol'];
  const server = startServer(t, [...proxy, '--trust-proxy', 'loopback'], { cwd });
  await server.until('a router', ({ routers }) => routers[0]?.state === 'ready');
  assert.match(await rawRequest(await server.port(), ONE + LAST), /^HTTP\/1\.1 200 /);
  await server.logged(/\] 192\.0\.2\.7 \(\) \{[^\n]* GET \/b =>/);
  const alone = startServer(t, proxy, { cwd });
  assert.notEqual(await alone.exited(), 0);
  assert.match(alone.output, /--http-enable-proxy-protocol needs --trust-proxy/);
});
