import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { admit, refusal, refuseUpgrade } from '../../server/http/gate.js';
import type { Refusal } from '../../server/http/refusal.js';
import { rawRequest, statusOf } from '../support/raw-request.js';

interface Gate {
  readonly port: number;
  /** What reached the application: method and target, and `end` or `aborted` of the body. */
  readonly seen: string[];
  readonly late: Refusal[];
}

/** An application that reads the body and answers 200, behind the gate or not. */
async function serve(t: TestContext, gated: boolean): Promise<Gate> {
  const seen: string[] = [];
  const late: Refusal[] = [];
  const server = http.createServer((req, res) => {
    if (gated && !admit(req, res, (refused) => late.push(refused))) return;
    seen.push(`${req.method ?? ''} ${req.url ?? ''}`);
    req.resume();
    if (req.url === '/early') res.write('half');
    req.on('end', () => {
      seen.push('end');
      res.end(`ok ${req.url ?? ''}`);
    });
    req.on('aborted', () => {
      seen.push('aborted');
      // What a handler that does not look may still do: it must not throw.
      if (!res.headersSent) res.setHeader('X-Late', '1');
      res.end('too late');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close().closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, seen, late };
}

const H = 'Host: catserve.io\r\n';
const CLOSE = 'Connection: close\r\n';
const CHUNKED = 'Transfer-Encoding: chunked\r\n';

const REFUSED: readonly [title: string, bytes: string, status: number, reason: string][] = [
  [
    "the talk's two hosts",
    'GET / HTTP/1.1\r\nHost: catserve.io\r\nHost: catserve.biz\r\n\r\n',
    400,
    'more than one Host header',
  ],
  ['two equal hosts', `GET / HTTP/1.1\r\n${H}${H}\r\n`, 400, 'more than one Host header'],
  [
    'two hosts in different case, far apart',
    `GET / HTTP/1.1\r\n${H}A: b\r\nC: d\r\nhOsT: x\r\n\r\n`,
    400,
    'more than one Host header',
  ],
  [
    'two hosts in one line',
    'GET / HTTP/1.1\r\nHost: catserve.io, catserve.biz\r\n\r\n',
    400,
    'the Host header is not one host and port',
  ],
  [
    'a host with a path',
    'GET / HTTP/1.1\r\nHost: catserve.io/admin\r\n\r\n',
    400,
    'the Host header is not one host and port',
  ],
  [
    'two content types',
    `POST / HTTP/1.1\r\n${H}Content-Type: text/plain\r\ncontent-type: text/html\r\nContent-Length: 0\r\n\r\n`,
    400,
    'more than one Content-Type header',
  ],
  [
    'chunks in HTTP/1.0',
    `POST / HTTP/1.0\r\n${H}${CHUNKED}\r\n0\r\n\r\n`,
    400,
    'Transfer-Encoding in HTTP/1.0',
  ],
  [
    'a coding before chunked',
    `POST / HTTP/1.1\r\n${H}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    501,
    'a Transfer-Encoding other than chunked',
  ],
  [
    'two codings in two lines',
    `POST / HTTP/1.1\r\n${H}Transfer-Encoding: identity\r\n${CHUNKED}\r\n0\r\n\r\n`,
    501,
    'a Transfer-Encoding other than chunked',
  ],
  ['the asterisk for GET', `GET * HTTP/1.1\r\n${H}\r\n`, 400, 'the target * outside OPTIONS'],
  [
    'HTTP/2.0 in the clear',
    `GET / HTTP/2.0\r\n${H}\r\n`,
    505,
    'an HTTP version other than 1.0 and 1.1',
  ],
  ['HTTP/0.9', 'GET /\r\n\r\n', 505, 'an HTTP version other than 1.0 and 1.1'],
];

for (const [title, bytes, status, reason] of REFUSED) {
  test(`${title}: ${status}, and nothing of it or after it reaches the application`, async (t) => {
    const open = await serve(t, false);
    const unguarded = await rawRequest(open.port, bytes, /ok .*$/);
    assert.equal(statusOf(unguarded), 200, 'Node lets it through: the gate is needed');

    const { port, seen } = await serve(t, true);
    const answer = await rawRequest(port, `${bytes}GET /smuggled HTTP/1.1\r\n${H}\r\n`);
    assert.equal(statusOf(answer), status);
    assert.match(answer, /\r\nConnection: close\r\n/);
    assert.ok(answer.endsWith(`\r\n\r\n${reason}\n`), answer);
    assert.deepEqual(seen, []);
  });
}

const PASSED: readonly [title: string, bytes: string][] = [
  ['a plain request', `GET /ok HTTP/1.1\r\n${H}${CLOSE}\r\n`],
  ['HTTP/1.0 without a host', 'GET /ok HTTP/1.0\r\n\r\n'],
  ['an IPv6 host with a port', `GET /ok HTTP/1.1\r\nHost: [::1]:8000\r\n${CLOSE}\r\n`],
  ['an empty host', `GET /ok HTTP/1.1\r\nHost:\r\n${CLOSE}\r\n`],
  [
    'a chunked body',
    `POST /ok HTTP/1.1\r\n${H}${CLOSE}transfer-encoding: CHUNKED\r\n\r\n1\r\na\r\n0\r\n\r\n`,
  ],
  [
    'a chunked body with a harmless trailer',
    `POST /ok HTTP/1.1\r\n${H}${CLOSE}${CHUNKED}\r\n1\r\na\r\n0\r\nX-Checksum: 1\r\n\r\n`,
  ],
  ['the asterisk for OPTIONS', `OPTIONS * HTTP/1.1\r\n${H}${CLOSE}\r\n`],
];

for (const [title, bytes] of PASSED) {
  test(`${title} passes`, async (t) => {
    const { port, seen } = await serve(t, true);
    assert.equal(statusOf(await rawRequest(port, bytes)), 200);
    assert.equal(seen.length, 2);
    assert.equal(seen[1], 'end');
  });
}

const trailing = (target: string, field: string): string =>
  `POST ${target} HTTP/1.1\r\n${H}${CHUNKED}\r\n1\r\na\r\n0\r\n${field}\r\n\r\n`;

for (const field of ['Host: catserve.biz', 'authorization: Basic YTpi', 'Cookie: a=b']) {
  test(`the trailer "${field}" is answered 400, and its body never ends for the application`, async (t) => {
    const { port, seen, late } = await serve(t, true);
    const answer = await rawRequest(
      port,
      `${trailing('/', field)}GET /smuggled HTTP/1.1\r\n${H}\r\n`,
    );
    assert.equal(statusOf(answer), 400);
    assert.ok(
      answer.endsWith('\r\n\r\na field in the trailers that belongs to the headers\n'),
      answer,
    );
    assert.equal(late.length, 1);
    assert.equal(seen[0], 'POST /');
    assert.ok(
      !seen.includes('end') && !seen.some((line) => line.includes('smuggled')),
      seen.join(),
    );
  });
}

test('a forbidden trailer after the answer has begun closes the connection', async (t) => {
  const { port, seen, late } = await serve(t, true);
  const answer = await rawRequest(port, trailing('/early', 'Host: catserve.biz'));
  assert.doesNotMatch(answer, /400 Bad Request|\r\n0\r\n\r\n$/);
  assert.equal(late.length, 1);
  assert.ok(!seen.includes('end'));
});

test('requests on other connections pass while one is being given up', async (t) => {
  const { port } = await serve(t, true);
  const [refused, passed] = await Promise.all([
    rawRequest(port, `GET / HTTP/1.1\r\n${H}${H}\r\n`),
    rawRequest(port, `GET /ok HTTP/1.1\r\n${H}${CLOSE}\r\n`),
  ]);
  assert.deepEqual([statusOf(refused), statusOf(passed)], [400, 200]);
});

test('an upgrade with two hosts is refused on its socket', async (t) => {
  const server = http.createServer();
  server.on('upgrade', (req, socket) => {
    const refused = refusal(req);
    if (refused) refuseUpgrade(socket, refused);
    else socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const upgrade = `Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
  assert.equal(statusOf(await rawRequest(port, `GET / HTTP/1.1\r\n${H}${upgrade}`)), 101);
  assert.equal(statusOf(await rawRequest(port, `GET / HTTP/1.1\r\n${H}${H}${upgrade}`)), 400);
});

/** What Node refuses by itself: an upgrade of Node that lets one of these pass fails here. */
const REFUSED_BY_NODE: Readonly<Record<string, string>> = {
  'no host in HTTP/1.1': 'GET / HTTP/1.1\r\n\r\n',
  'Content-Length beside Transfer-Encoding': `POST / HTTP/1.1\r\n${H}Content-Length: 3\r\n${CHUNKED}\r\n0\r\n\r\n`,
  'Transfer-Encoding beside Content-Length': `POST / HTTP/1.1\r\n${H}${CHUNKED}Content-Length: 3\r\n\r\n0\r\n\r\n`,
  'two equal Content-Length': `POST / HTTP/1.1\r\n${H}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`,
  'two different Content-Length': `POST / HTTP/1.1\r\n${H}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`,
  'a list as Content-Length': `POST / HTTP/1.1\r\n${H}Content-Length: 3, 3\r\n\r\nabc`,
  'a negative Content-Length': `POST / HTTP/1.1\r\n${H}Content-Length: -1\r\n\r\n`,
  'a signed Content-Length': `POST / HTTP/1.1\r\n${H}Content-Length: +1\r\n\r\na`,
  'an empty Content-Length': `POST / HTTP/1.1\r\n${H}Content-Length:\r\n\r\n`,
  'a folded header': `GET / HTTP/1.1\r\n${H}X: a\r\n b\r\n\r\n`,
  'a blank before the colon': 'GET / HTTP/1.1\r\nHost : a\r\n\r\n',
  'an empty header name': `GET / HTTP/1.1\r\n${H}: x\r\n\r\n`,
  'a NUL in a value': `GET / HTTP/1.1\r\n${H}X: a\0b\r\n\r\n`,
  'a bare CR in a value': `GET / HTTP/1.1\r\n${H}X: a\rb\r\n\r\n`,
  'line feeds alone': 'GET / HTTP/1.1\nHost: a\n\n',
  'a chunk size that is no number': `POST / HTTP/1.1\r\n${H}${CHUNKED}\r\nzz\r\n`,
  'a chunk size with 0x': `POST / HTTP/1.1\r\n${H}${CHUNKED}\r\n0x1\r\na\r\n0\r\n\r\n`,
  'a chunk size beyond 64 bits': `POST / HTTP/1.1\r\n${H}${CHUNKED}\r\nfffffffffffffffff\r\n`,
  'a chunk that ends with a line feed': `POST / HTTP/1.1\r\n${H}${CHUNKED}\r\n1\na\n0\n\n`,
  'a line feed in a chunk extension': `POST / HTTP/1.1\r\n${H}${CHUNKED}\r\n1;a\nb\r\n0\r\n\r\n`,
  'a chunk longer than its size': `POST / HTTP/1.1\r\n${H}${CHUNKED}\r\n1\r\nab\r\n0\r\n\r\n`,
  'chunked twice': `POST / HTTP/1.1\r\n${H}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`,
  'a coding that does not end in chunked': `POST / HTTP/1.1\r\n${H}Transfer-Encoding: gzip\r\n\r\n0\r\n\r\n`,
  'Content-Length in the trailers': trailing('/', 'Content-Length: 5'),
  'Transfer-Encoding in the trailers': trailing('/', 'Transfer-Encoding: chunked'),
  'HTTP/1.2': `GET / HTTP/1.2\r\n${H}\r\n`,
  'HTTP/3.0': `GET / HTTP/3.0\r\n${H}\r\n`,
  'a target that is no path': `GET foo HTTP/1.1\r\n${H}\r\n`,
  'a target outside ASCII': `GET /\xe9 HTTP/1.1\r\n${H}\r\n`,
  'an unknown method': `G?T / HTTP/1.1\r\n${H}\r\n`,
  'a method in lower case': `get / HTTP/1.1\r\n${H}\r\n`,
};

for (const [title, bytes] of Object.entries(REFUSED_BY_NODE)) {
  test(`Node itself answers 400 to ${title}`, async (t) => {
    const { port, seen } = await serve(t, false);
    assert.equal(statusOf(await rawRequest(port, bytes)), 400);
    assert.ok(!seen.includes('end'), 'no complete request reached the application');
  });
}
