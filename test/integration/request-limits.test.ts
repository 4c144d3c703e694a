import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { makeFolder } from '../support/folder.js';
import { rawRequest, statusOf } from '../support/raw-request.js';
import { startServer, type TestServer } from '../support/server.js';
import { askUwsgi, packetOf, variablesOf } from '../support/uwsgi-packet.js';

/** Answers with the fields that it sees, by each of the ways to see them, and the size of the body. */
const APPLICATION = `
export default (request, response) => {
  let bytes = 0;
  request.on('data', (part) => (bytes += part.length)).on('error', () => undefined);
  request.on('end', () => {
    const { headers, headersDistinct, rawHeaders } = request;
    const names = [...Object.keys(headers), ...Object.keys(headersDistinct), ...rawHeaders];
    response.end(names.join(' ').toLowerCase() + ' body=' + bytes + '\\n');
  });
};
`;

const LIMITS = [
  ...['--limit-line', '100', '--limit-fields', '5', '--limit-field-size', '80'],
  ...['--limit-post', '10'],
];

async function start(t: TestContext, args: readonly string[]): Promise<TestServer> {
  const cwd = makeFolder(t, { 'app.mjs': APPLICATION });
  const server = startServer(t, ['--module', path.join(cwd, 'app.mjs'), '-p', '1', ...args]);
  await server.ready();
  await server.until('routers', ({ routers }) => routers.every(({ state }) => state === 'ready'));
  return server;
}

const CLOSE = 'Host: a\r\nConnection: close\r\n';

const chunked = (...parts: string[]): string =>
  `POST / HTTP/1.1\r\n${CLOSE}Transfer-Encoding: chunked\r\n\r\n` +
  parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('') +
  '0\r\n\r\n';

/** What is at a limit, what is beyond it, and how that is answered and counted. */
const CASES = [
  [
    'a line',
    (n: number) => `GET /${'a'.repeat(n + 86)} HTTP/1.1\r\n${CLOSE}\r\n`,
    414,
    'line_too_long',
  ],
  [
    'fields',
    (n: number) => `GET / HTTP/1.1\r\n${CLOSE}${'A: b\r\n'.repeat(n + 3)}\r\n`,
    431,
    'too_many_fields',
  ],
  [
    'a field',
    (n: number) => `GET / HTTP/1.1\r\n${CLOSE}A: ${'b'.repeat(n + 77)}\r\n\r\n`,
    431,
    'field_too_large',
  ],
  [
    'a body',
    (n: number) =>
      `POST / HTTP/1.1\r\n${CLOSE}Content-Length: ${n + 10}\r\n\r\n${'a'.repeat(n + 10)}`,
    413,
    'body_too_large',
  ],
  ['a body in chunks', (n: number) => chunked('aaaaa', 'a'.repeat(n + 5)), 413, 'body_too_large'],
] as const;

for (const front of ['--http-socket', '--http']) {
  describe(`on ${front}`, () => {
    test('what is at a limit passes, what is beyond is refused and counted by its reason', async (t) => {
      const server = await start(t, [front, '127.0.0.1:0', ...LIMITS]);
      const port = await server.port();
      for (const [what, request, status] of CASES) {
        assert.equal(statusOf(await rawRequest(port, request(0))), 200, `${what} at the limit`);
        assert.equal(statusOf(await rawRequest(port, request(1))), status, `${what} beyond it`);
      }
      const counted = {
        line_too_long: 1,
        too_many_fields: 1,
        field_too_large: 1,
        body_too_large: 2,
      };
      await server.until('the counts', ({ routers, workers }) => {
        const { refused } = front === '--http' ? routers[0]! : workers[0]!;
        return Object.entries(counted).every(([code, count]) => refused[code] === count);
      });
    });

    test('a client that waits to be told to send too large a body is told not to', async (t) => {
      const server = await start(t, [front, '127.0.0.1:0', ...LIMITS]);
      const head = `POST / HTTP/1.1\r\n${CLOSE}Content-Length: 11\r\nExpect: 100-continue\r\n\r\n`;
      // Node's server has said 100 by then, of itself.
      assert.match(await rawRequest(await server.port(), head), /^HTTP\/1\.1 413 /m);
    });

    test('HTTP/1.1 without Host is refused and counted, HTTP/1.0 without it is served', async (t) => {
      const server = await start(t, [front, '127.0.0.1:0']);
      const port = await server.port();
      const refused = await rawRequest(
        port,
        'GET / HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n',
      );
      assert.match(refused, /^HTTP\/1\.1 400 [^]*\r\n\r\nno Host header\n$/);
      assert.equal(statusOf(await rawRequest(port, 'GET / HTTP/1.0\r\n\r\n')), 200);
      await server.until('the count', ({ routers, workers }) => {
        const { refused } = front === '--http' ? routers[0]! : workers[0]!;
        return refused['missing_host'] === 1;
      });
    });

    test('no application sees a field that is written to be taken for another', async (t) => {
      const server = await start(t, [front, '127.0.0.1:0']);
      const answer = await rawRequest(
        await server.port(),
        `GET / HTTP/1.1\r\n${CLOSE}X_Forwarded_For: 6.6.6.6\r\nContent_Length: 9\r\n` +
          'transfer_encoding: chunked\r\nRemote_User: root\r\nAuthorization_: x\r\nMy_Own: 1\r\n\r\n',
      );
      assert.match(answer, /^HTTP\/1\.1 200 [^]*my_own[^]*my_own/);
      assert.doesNotMatch(answer, /x_forwarded|content_length|transfer_enc|remote_user/);
    });

    test('as many fields as a server of Node takes by itself are seen, none is left out', async (t) => {
      const server = await start(t, [
        front,
        '127.0.0.1:0',
        '--limit-fields',
        '3000',
        '--limit-headers',
        '60000',
      ]);
      const fields = Array.from({ length: 2500 }, (_, index) => `A${index}: b\r\n`).join('');
      const answer = await rawRequest(
        await server.port(),
        `GET / HTTP/1.1\r\n${CLOSE}${fields}\r\n`,
      );
      assert.match(answer, / a2499 /);
    });
  });
}

test('a uwsgi socket has the same limits', async (t) => {
  const socket = path.join(makeFolder(t, {}), 'app.sock');
  const server = await start(t, ['--socket', socket, ...LIMITS]);
  const ask = async (target: string, more: Record<string, string>, body = ''): Promise<number> => {
    const packet = packetOf(variablesOf(body === '' ? 'GET' : 'POST', target, more));
    return statusOf(await askUwsgi(socket, packet, Buffer.from(body)));
  };
  assert.equal(await ask('/', { HTTP_A: 'b' }), 200);
  assert.equal(await ask(`/${'a'.repeat(87)}`, {}), 414);
  assert.equal(await ask('/', { HTTP_A: 'b'.repeat(78) }), 431);
  const many = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`HTTP_A${index}`, 'b']));
  assert.equal(await ask('/', many), 431);
  assert.equal(await ask('/', { CONTENT_LENGTH: '11' }, 'a'.repeat(11)), 413);
  await server.until('the counts', ({ workers }) => workers[0]?.refused['body_too_large'] === 1);
});
