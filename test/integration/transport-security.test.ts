import assert from 'node:assert/strict';
import { once } from 'node:events';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { DEFAULT_LIMITS } from '../../server/http/limits.js';
import { certificateProblem } from '../support/certificates.js';
import { ask } from '../support/http2.js';
import type { Behind } from '../support/router-rig.js';
import { connectTls, startSecureRig } from '../support/secure-rig.js';
import { makeSite, NO_STATIC } from '../support/static-site.js';

/** Answers, or breaks off, or takes no body. */
const BEHIND: Behind = {
  handler: (request, response) => {
    if (request.url === '/gone') request.socket.destroy();
    else if (request.method === 'GET') response.end('an answer');
  },
};

const HSTS = 'strict-transport-security: max-age=600';

async function startRig(t: TestContext) {
  const site = makeSite(t, { 'public/hello.txt': 'hello' });
  const maps = [{ mount: '/static', folder: path.join(site, 'public'), keepsMount: false }];
  return startSecureRig(t, [BEHIND], {
    files: { ...NO_STATIC, maps },
    limits: { ...DEFAULT_LIMITS, body: 10 },
    transportSecurity: 600,
  });
}

/** A request up to its fields, the last of which says that no other follows. */
const get = (target: string, ...fields: readonly string[]): string =>
  [`GET ${target} HTTP/1.1`, 'Host: localhost', ...fields, 'Connection: close', '', ''].join(
    '\r\n',
  );

const UPGRADE = ['Connection: Upgrade', 'Upgrade: websocket', '', ''].join('\r\n');

const ANSWERS: readonly (readonly [what: string, bytes: string, status: number])[] = [
  ['of the application', get('/'), 200],
  ['from a file', get('/static/hello.txt'), 200],
  ['to a condition on a file', get('/static/hello.txt', 'If-Match: "other"'), 412],
  ['instead of a file', get('/static/%00'), 400],
  ['in the place of a worker that broke off', get('/gone'), 502],
  ['to two hosts', get('/', 'Host: other'), 400],
  ['to a target that is none', get('mailto:cat'), 400],
  ['to what is no request', 'cat\r\n\r\n', 400],
  ['to CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', 501],
  ['to a switch with two hosts', `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n${UPGRADE}`, 400],
  ['in place of a switch', `GET /gone HTTP/1.1\r\nHost: a\r\n${UPGRADE}`, 502],
  [
    'to a body that grew too large',
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n',
    413,
  ],
];

describe('with --hsts', { skip: certificateProblem() ?? false }, () => {
  for (const [what, bytes, status] of ANSWERS) {
    test(`an answer ${what} over TLS tells browsers to stay, once`, async (t) => {
      const socket = await connectTls(t, await startRig(t), { ALPNProtocols: ['http/1.1'] });
      let answer = '';
      socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
      socket.write(bytes);
      await once(socket, 'close');
      const [head = ''] = answer.split('\r\n\r\n');
      const [line = '', ...fields] = head.split('\r\n');
      assert.equal(line.split(' ')[1], String(status), answer);
      assert.equal(fields.filter((field) => field.toLowerCase() === HSTS).length, 1, head);
    });
  }

  test('every answer over HTTP/2 tells it too', async (t) => {
    const session = (await startRig(t)).connect();
    for (const [fields, status] of [
      [{}, 200],
      [{ ':path': '/static/hello.txt' }, 200],
      [{ ':path': '/static/%00' }, 400],
      [{ ':path': '/gone' }, 502],
      [{ ':authority': 'a,b' }, 400],
      [{ ':method': 'POST', 'content-length': '11' }, 413],
    ] as const) {
      const body = ':method' in fields ? 'hello world' : null;
      const answer = await ask(session, fields, body);
      assert.equal(answer.status, status);
      assert.equal(answer.headers['strict-transport-security'], 'max-age=600', String(status));
    }
  });

  test('a connection without TLS is told nothing, whoever answers', async (t) => {
    const { url } = await startRig(t);
    for (const target of ['/', '/static/hello.txt', '/gone', '/static/%00']) {
      const { headers } = await fetch(url + target);
      assert.equal(headers.get('strict-transport-security'), null, target);
    }
  });
});
