import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { APPS, startServer, type TestServer } from '../support/server.js';
import { askUwsgi, packetOf, variablesOf } from '../support/uwsgi-packet.js';

interface Mirror {
  readonly method: string;
  readonly url: string;
  readonly httpVersion: string;
  readonly headers: Record<string, string>;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly encrypted: boolean;
  readonly user?: string;
  readonly bytes: number;
}

function mirrorOf(answer: string): Mirror {
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as Mirror;
}

/** A server on a unix socket of the uwsgi protocol, besides its HTTP socket. */
async function start(
  t: TestContext,
  args: readonly string[] = [],
  module = path.join(APPS, 'mirror.mjs'),
): Promise<{ server: TestServer; socket: string }> {
  const socket = path.join(makeFolder(t, {}), 'app.sock');
  const server = startServer(t, ['--socket', socket, '--module', module, ...args]);
  await server.ready();
  return { server, socket };
}

test('a request of the uwsgi protocol is the application’s, counted and logged as any other', async (t) => {
  const { server, socket } = await start(t);
  const body = Buffer.from('miaow');
  const variables = variablesOf('POST', '/cats?a=b', {
    ...{ CONTENT_LENGTH: '5', CONTENT_TYPE: 'text/plain', HTTPS: 'on', REMOTE_USER: 'suki' },
    ...{ HTTP_X_CAT: 'bengt', SERVER_PROTOCOL: 'HTTP/2.0' },
  });
  const answer = await askUwsgi(socket, packetOf(variables), body);
  assert.match(answer, /^HTTP\/2\.0 200 OK\r\n/);
  assert.match(answer, /\r\nContent-Length: \d+\r\n/);
  const seen = mirrorOf(answer);
  assert.equal(`${seen.method} ${seen.url} ${seen.httpVersion}`, 'POST /cats?a=b 1.1');
  assert.equal(seen.headers['x-cat'], 'bengt');
  assert.equal(`${seen.remoteAddress}:${seen.remotePort}`, '192.0.2.7:4711');
  assert.equal(seen.encrypted, true);
  assert.equal(seen.user, 'suki');
  assert.equal(seen.bytes, 5);
  await server.logged(/192\.0\.2\.7 \(\) \{.*POST \/cats\?a=b => generated \d+ bytes/);
  const stats = await server.until('its count', ({ workers }) => workers[0]?.requests === 1);
  assert.deepEqual(
    stats.sockets.map(({ proto }) => proto),
    ['http', 'uwsgi'],
  );
  assert.ok((stats.workers[0]?.tx ?? 0) > 500, 'what was sent is counted');
});

test('a packet and a body that come byte by byte are the same request', async (t) => {
  const { socket } = await start(t);
  const packet = packetOf(variablesOf('PUT', '/', { CONTENT_LENGTH: '3' }));
  const bytes = Buffer.concat([packet, Buffer.from('abc')]);
  const seen = mirrorOf(await askUwsgi(socket, ...Array.from(bytes, (byte) => Buffer.of(byte))));
  assert.equal(seen.bytes, 3);
});

test('what comes behind the body is nobody’s: no second request hides there', async (t) => {
  const { server, socket } = await start(t);
  const smuggled = Buffer.from('abcGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n');
  const packet = packetOf(variablesOf('POST', '/', { CONTENT_LENGTH: '3' }));
  const answer = await askUwsgi(socket, packet, smuggled);
  assert.equal(mirrorOf(answer).bytes, 3);
  assert.equal(answer.split('HTTP/1.1 ').length, 2, 'one answer');
  await server.until('one request', ({ workers }) => workers[0]?.requests === 1);
  assert.doesNotMatch(server.output, /smuggled/);
});

test('an answer of no told length comes without chunks, HEAD without a body', async (t) => {
  const { socket } = await start(t);
  const answer = await askUwsgi(socket, packetOf(variablesOf('GET', '/bytes?200000')));
  const [head = ''] = answer.split('\r\n\r\n', 1);
  assert.doesNotMatch(head, /transfer-encoding/i);
  assert.equal(answer.length - head.length - 4, 200_000);
  const none = await askUwsgi(socket, packetOf(variablesOf('HEAD', '/bytes?200000')));
  assert.match(none, /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n$/);
});

test('a client that leaves before its body is whole, or before its answer, aborts its request', async (t) => {
  const { server, socket } = await start(t);
  const upload = net.connect(socket);
  upload.end(
    Buffer.concat([packetOf(variablesOf('POST', '/half', { CONTENT_LENGTH: '9' })), Buffer.of(1)]),
  );
  upload.resume();
  await server.logged(/app: aborted \/half/);
  const waiting = net.connect(socket);
  waiting.write(packetOf(variablesOf('GET', '/hang')));
  await server.until('a request in flight', ({ workers }) => workers[0]?.in_flight === 1);
  waiting.destroy();
  await server.logged(/app: aborted \/hang/);
  await server.until('two aborted', ({ workers }) => workers[0]?.aborted === 2);
});

test('an answer that does not wait for the body arrives', async (t) => {
  const { socket } = await start(t);
  const packet = packetOf(variablesOf('POST', '/refuses', { CONTENT_LENGTH: '50000000' }));
  const answer = await askUwsgi(socket, packet, Buffer.alloc(1_000_000));
  assert.match(answer, /^HTTP\/1\.1 413 [^]*big\n$/);
});

test('what is no request is answered and logged with the remedy, and counted', async (t) => {
  const { server, socket } = await start(t);
  const http = await askUwsgi(socket, Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
  assert.match(http, /^HTTP\/1\.1 400 [^]*speaks the uwsgi protocol, not HTTP\n$/);
  await server.logged(/refused on a uwsgi socket: .*nginx needs uwsgi_pass instead of proxy_pass/);
  const large = packetOf(variablesOf('GET', '/', { HTTP_COOKIE: 'c'.repeat(5000) }));
  assert.match(await askUwsgi(socket, large), /^HTTP\/1\.1 431 /);
  await server.logged(/take 5\d\d\d bytes, 4096 are allowed \(raise --buffer-size/);
  assert.match(await askUwsgi(socket, packetOf([], 173)), /unavailable modifier requested: 173/);
  const injected = packetOf(variablesOf('GET', '/', { HTTP_A: 'x\r\nB: y' }));
  assert.match(await askUwsgi(socket, injected), /^HTTP\/1\.1 400 /);
  const stats = await server.until('four refused', ({ workers }) => workers[0]?.requests === 4);
  assert.equal(stats.workers[0]?.refused['uwsgi_packet'], 4);
});

test('the gate stands here too: two hosts are refused', async (t) => {
  const { socket } = await start(t);
  const variables = [...variablesOf('GET', '/'), ['HTTP_HOST', 'cats.biz'] as [string, string]];
  const answer = await askUwsgi(socket, packetOf(variables));
  assert.match(answer, /^HTTP\/1\.1 400 [^]*more than one Host header\n$/);
});

test('a ping is answered as uWSGI answers it', async (t) => {
  const { socket } = await start(t);
  assert.equal(await askUwsgi(socket, packetOf([], 100)), 'd\0\0\x01');
});

test('magic variables are told once and do nothing', async (t) => {
  const { server, socket } = await start(t);
  const packet = packetOf(variablesOf('GET', '/', { UWSGI_FILE: '/etc/passwd' }));
  assert.match(await askUwsgi(socket, packet), /^HTTP\/1\.1 200 /);
  assert.match(await askUwsgi(socket, packet), /^HTTP\/1\.1 200 /);
  await server.logged(/the variable UWSGI_FILE of the uwsgi protocol is ignored/);
  assert.equal(server.output.match(/UWSGI_FILE/g)?.length, 1);
});

test('a connection that has sent nothing does not keep a worker from stopping', async (t) => {
  const { server, socket } = await start(t);
  const silent = net.connect(socket);
  silent.on('error', () => undefined);
  await once(silent, 'connect');
  silent.resume();
  server.kill('SIGTERM');
  assert.equal(await server.exited(), 0);
});

test('a paused worker accepts on none of its sockets', async (t) => {
  const { server, socket } = await start(t);
  server.kill('SIGTSTP');
  await server.logged(/PAUSE|pause/);
  await server.until('paused', ({ workers }) => workers.every(({ accepting }) => accepting === 0));
  let answered = false;
  const answer = askUwsgi(socket, packetOf(variablesOf('GET', '/'))).then((text) => {
    answered = true;
    return text;
  });
  await server.until('a connection in the queue', ({ sockets }) => sockets[1]?.queue === 1);
  assert.equal(answered, false);
  server.kill('SIGCONT');
  assert.match(await answer, /^HTTP\/1\.1 200 /);
});

for (const module of ['listens-http.mjs', 'express.mjs', 'fastify.mjs', 'hono.mjs', 'koa.mjs']) {
  test(`${module} is served by a uwsgi socket alone`, async (t) => {
    const socket = path.join(makeFolder(t, {}), 'app.sock');
    const server = startServer(t, ['--socket', socket, '--module', path.join(APPS, module)], {
      onlySockets: true,
    });
    await server.ready();
    const answer = await askUwsgi(socket, packetOf(variablesOf('GET', '/hello')));
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(await askUwsgi(socket, Buffer.from('GET / HTTP/1.1\r\n\r\n')), /^HTTP\/1\.1 400 /);
    await eventually('its count', async () => (await server.worker(1)).requests === 2);
  });
}

test('a uwsgi socket and a router serve one application, each in its own tongue', async (t) => {
  const socket = path.join(makeFolder(t, {}), 'app.sock');
  const module = path.join(APPS, 'mirror.mjs');
  const server = startServer(t, ['--socket', socket, '--http', '127.0.0.1:0', '--module', module]);
  await server.ready();
  const [, port = ''] = await server.logged(/tsuwsgi http bound on 127\.0\.0\.1:(\d+) fd/);
  assert.equal(mirrorOf(await askUwsgi(socket, packetOf(variablesOf('GET', '/a')))).url, '/a');
  const { body } = await eventually('the router', () => get(`http://127.0.0.1:${port}/b`));
  assert.equal((JSON.parse(body) as Mirror).url, '/b');
});

test('a socket that is open to the network is told', async (t) => {
  const server = startServer(t, ['--socket', ':0', '--module', path.join(APPS, 'mirror.mjs')]);
  await server.ready();
  await server.logged(/--socket :0 is open to the network .* trusted like the web server in front/);
});
