import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { type Authority, certificateProblem, makeAuthority } from '../support/certificates.js';
import { ask } from '../support/http2.js';
import { freePort, startUwsgi, WITHOUT_UWSGI } from '../support/real-uwsgi.js';
import { startServer } from '../support/server.js';

const skip = certificateProblem() ?? false;

/** A back end of HTTP that tells what it was asked; what `prepare` adds is its too. */
async function startBackEnd(
  t: TestContext,
  prepare: (server: http.Server) => void = () => undefined,
): Promise<string> {
  const server = http.createServer((request, response) => {
    const hash = createHash('sha256');
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      hash.update(chunk);
    });
    request.on('end', () => {
      const { method, url, headers } = request;
      response.end(JSON.stringify({ method, url, headers, bytes, digest: hash.digest('hex') }));
    });
  });
  prepare(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Routers with TLS before a back end; a connection of HTTP/2 to them. */
async function secureBefore(t: TestContext, to: string) {
  const authority: Authority = makeAuthority(t, 'ca');
  const { cert, key } = authority.sign('server');
  const ca = readFileSync(authority.cert);
  const server = startServer(t, ['--https', `127.0.0.1:0,${cert},${key}`, '--http-to', to]);
  await server.until('the router', ({ routers }) => routers[0]?.state === 'ready');
  const port = Number((await server.logged(/https bound on .*:(\d+) fd/))[1]);
  const session = http2.connect(`https://localhost:${port}`, { ca });
  session.on('error', () => undefined);
  t.after(() => {
    session.destroy();
  });
  return { server, port, session, ca };
}

/** Each way once: text, bytes in several frames, ping and pong, and a close with a reason. */
async function conversation(client: WebSocket): Promise<void> {
  await once(client, 'open');
  client.send('miaow');
  const [text] = (await once(client, 'message')) as [Buffer];
  assert.equal(text.toString(), 'miaow');
  const large = Buffer.alloc(2_000_000, 'cats');
  client.send(large.subarray(0, 1_000_000), { fin: false });
  client.send(large.subarray(1_000_000), { fin: true });
  const [bytes, isBinary] = (await once(client, 'message')) as [Buffer, boolean];
  assert.ok(isBinary && large.equals(bytes));
  client.ping('here?');
  const [pong] = (await once(client, 'pong')) as [Buffer];
  assert.equal(pong.toString(), 'here?');
  client.close(4001, 'enough');
  const [code, reason] = (await once(client, 'close')) as [number, Buffer];
  assert.deepEqual([code, reason.toString()], [4001, 'enough']);
}

/** Says everything again, and closes as it is closed. */
function echo(server: http.Server): void {
  new WebSocketServer({ server }).on('connection', (socket) => {
    socket.on('message', (data, isBinary) => {
      socket.send(data, { binary: isBinary });
    });
  });
}

describe('clients of routers before a foreign back end', { skip, timeout: 120_000 }, () => {
  test('HTTP/2 reaches it as HTTP/1.1, with bodies whose length is told and not told', async (t) => {
    const { session } = await secureBefore(t, await startBackEnd(t));
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((name) => ask(session, { ':path': `/${name}` })),
    );
    assert.deepEqual(
      answers.map(({ status, body }) => [status, (JSON.parse(body) as { url: string }).url]),
      [
        [200, '/a'],
        [200, '/b'],
        [200, '/c'],
      ],
    );
    const body = 'miaow'.repeat(100_000);
    const digest = createHash('sha256').update(body).digest('hex');
    for (const length of [{}, { 'content-length': body.length }]) {
      const posted = await ask(session, { ':path': '/', ':method': 'POST', ...length }, body);
      const seen = JSON.parse(posted.body) as Record<string, unknown>;
      assert.deepEqual([seen['bytes'], seen['digest']], [body.length, digest]);
      const { 'x-forwarded-proto': scheme } = seen['headers'] as http.IncomingHttpHeaders;
      assert.equal(scheme, 'https');
    }
  });

  test('a WebSocket speaks through the router, with TLS and without', async (t) => {
    const to = await startBackEnd(t, echo);
    const { port, ca, server } = await secureBefore(t, to);
    await conversation(new WebSocket(`wss://localhost:${port}/`, { ca }));
    const plain = startServer(t, ['--http', '127.0.0.1:0', '--http-to', to]);
    await plain.until('the router', ({ routers }) => routers[0]?.state === 'ready');
    await conversation(new WebSocket(`ws://127.0.0.1:${await plain.port()}/`));
    await server.until('the end', ({ routers }) => routers[0]?.upgraded === 0);
  });

  test(
    'HTTP/2 reaches a real uWSGI by its own protocol, with a body whose length is not told',
    { skip: WITHOUT_UWSGI },
    async (t) => {
      const socket = `127.0.0.1:${await freePort()}`;
      await using uwsgi = await startUwsgi((folder) => {
        writeFileSync(path.join(folder, 'told.py'), TOLD);
        return [
          ...['--socket', socket, '--wsgi-file', 'told.py'],
          ...['--stats', path.join(folder, 'stats.sock')],
        ];
      });
      const { session } = await secureBefore(t, socket);
      const body = 'miaow'.repeat(100_000);
      for (let round = 0; round < 3; round++) {
        const { status, body: told } = await ask(
          session,
          { ':path': '/cats?a=b', ':method': 'POST' },
          body,
        );
        assert.deepEqual([status, told], [200, 'POST /cats a=b https 500000 500000'], uwsgi.log());
      }
      const { status, body: told } = await ask(session, { ':path': '/cats' });
      assert.deepEqual([status, told], [200, 'GET /cats  https 0 0']);
    },
  );
});

/** Tells what it was asked, and how long the body was said to be and is. */
const TOLD = `
def application(env, start_response):
    length = int(env.get('CONTENT_LENGTH') or 0)
    body = env['wsgi.input'].read(length)
    start_response('200 OK', [('Content-Type', 'text/plain')])
    told = [env['REQUEST_METHOD'], env['PATH_INFO'], env['QUERY_STRING'], env['wsgi.url_scheme']]
    return [' '.join(told + [str(length), str(len(body))]).encode()]
`;
