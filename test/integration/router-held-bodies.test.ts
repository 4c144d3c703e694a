import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { certificateProblem } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { rawRequest, statusOf } from '../support/raw-request.js';
import { RawClient, startRouterRig } from '../support/router-rig.js';
import { type SecureRigSettings, startSecureRig } from '../support/secure-rig.js';
import { startServer } from '../support/server.js';
import { digestOf, startUwsgiBackEnd } from '../support/uwsgi-back-end.js';

const HEAD = 'POST /cats HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n';
const END = '0\r\n\r\n';

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

/** A router with and without TLS before one back end that speaks the uwsgi protocol. */
async function rigBefore(t: TestContext, settings: SecureRigSettings = {}) {
  const behind = await startUwsgiBackEnd(t);
  const rig = await startSecureRig(t, [], { ...settings, to: [behind.backend] });
  rig.router.backends([{ id: 0, path: '', accepting: true, foreign: behind.backend }]);
  return { ...rig, behind, session: rig.connect() };
}

/** The same without TLS. */
async function plainRigBefore(t: TestContext, settings: SecureRigSettings = {}) {
  const behind = await startUwsgiBackEnd(t);
  const rig = await startRouterRig(t, [], { ...settings, to: [behind.backend] });
  rig.router.backends([{ id: 0, path: '', accepting: true, foreign: behind.backend }]);
  return { ...rig, behind };
}

/** A whole router process before a back end, with a folder for what it holds. */
async function serverBefore(t: TestContext, more: readonly string[] = []) {
  const behind = await startUwsgiBackEnd(t);
  const folder = path.join(makeFolder(t, {}), 'bodies');
  const args = ['--http', '127.0.0.1:0', '--http-to', behind.socket, ...more];
  const server = startServer(t, args, { env: { TMPDIR: folder } });
  const { routers } = await server.until('the router', ({ routers: [router] }) => {
    return router?.state === 'ready';
  });
  return { server, behind, folder, port: await server.port(), pid: routers[0]?.pid ?? 0 };
}

/** The files without a name that a process holds. */
function namelessFiles(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/${pid}/fd/${fd}`);
      return target.includes('tsuwsgi-body-') ? [target] : [];
    } catch {
      // It was closed meanwhile.
      return [];
    }
  });
}

describe('bodies in chunks before back ends of the uwsgi protocol', { timeout: 120_000 }, () => {
  test('a small one is sent on with its length, and the next request finds the connection open', async (t) => {
    const { port, behind, router } = await plainRigBefore(t);
    using client = new RawClient(port);
    client.send(`${HEAD}\r\n${chunk('miaow')}`);
    await eventually('it to be under way', () => router.figures().in_flight === 1);
    client.send(`${chunk(' purr')}${END}`);
    await eventually('the answer', () => client.received.endsWith('10\r\n0\r\n\r\n'));
    client.send(`${HEAD}\r\n${END}`);
    await eventually('the second', () => client.received.split('HTTP/1.1 200 OK').length === 3);
    assert.deepEqual(
      behind.seen.map(({ variables, bytes, digest }) => [
        ...[variables['CONTENT_LENGTH'], bytes, digest],
        variables['HTTP_TRANSFER_ENCODING'],
      ]),
      [
        ['10', 10, digestOf('miaow purr'), undefined],
        ['0', 0, digestOf(''), undefined],
      ],
    );
    assert.equal(router.figures().in_flight, 0);
  });

  test('a client that waits for 100 is told to go on, once', async (t) => {
    const { port, behind } = await plainRigBefore(t);
    using client = new RawClient(port);
    client.send(`${HEAD}Expect: 100-continue\r\n\r\n`);
    await eventually('100', () => client.received === 'HTTP/1.1 100 Continue\r\n\r\n');
    client.send(`${chunk('miaow')}${END}`);
    await eventually('the answer', () => client.received.endsWith('5\r\n0\r\n\r\n'));
    assert.equal(client.received.split(' 100 ').length, 2);
    assert.equal(behind.seen[0]?.variables['HTTP_EXPECT'], undefined);
  });

  test('a back end of HTTP beside gets it in chunks, with its trailers', async (t) => {
    const behind = await startUwsgiBackEnd(t);
    let seen: unknown = null;
    const rig = await startRouterRig(
      t,
      [
        {
          handler: (request, response) => {
            request.resume().on('end', () => {
              seen = [request.headers['transfer-encoding'], request.trailers];
              response.end();
            });
          },
        },
      ],
      { to: [behind.backend] },
    );
    await rawRequest(
      rig.port,
      `${HEAD}Connection: close\r\n\r\n${chunk('miaow')}0\r\nX-Mood: good\r\n\r\n`,
    );
    assert.deepEqual(seen, ['chunked', { 'x-mood': 'good' }]);
  });

  test('one of which the client sends no more is answered 408, and one that it breaks off reaches nobody', async (t) => {
    const { port, behind, router } = await plainRigBefore(t, { timeoutMs: 300 });
    using slow = new RawClient(port);
    slow.send(`${HEAD}\r\n${chunk('miaow')}`);
    await eventually('408', () => statusOf(slow.received) === 408);
    using gone = new RawClient(port);
    gone.send(`${HEAD}\r\n${chunk('miaow')}`);
    await eventually('it to be under way', () => router.figures().in_flight === 1);
    gone.socket.resetAndDestroy();
    await eventually('its end', () => router.figures().aborted === 1);
    const { in_flight, answered_by_router: answered } = router.figures();
    assert.deepEqual([in_flight, answered['408']], [0, 1]);
    assert.deepEqual([behind.seen, behind.broken], [[], []]);
  });

  test('one beyond --limit-post is answered 413 and reaches nobody', async (t) => {
    const limits = { line: 8190, fields: 100, fieldSize: 8190, body: 1000 };
    const { port, behind, router } = await plainRigBefore(t, { limits });
    const answer = await rawRequest(port, `${HEAD}\r\n${chunk('x'.repeat(1001))}${END}`);
    assert.equal(statusOf(answer), 413);
    await eventually('its end', () => router.figures().in_flight === 0);
    assert.deepEqual([behind.seen, behind.broken], [[], []]);
  });

  test('one that is refused in the middle has one line of the log, and one broken off has one', async (t) => {
    const format = ['--log-format', 'LINE %(method) %(status)'];
    const { server, port } = await serverBefore(t, ['--limit-post', '1000', ...format]);
    await rawRequest(port, `${HEAD}\r\n${chunk('x'.repeat(1001))}${END}`);
    await server.logged(/LINE POST 413/);
    using gone = new RawClient(port);
    gone.send(`${HEAD}\r\n${chunk('miaow')}`);
    await server.until('it to be under way', ({ routers }) => routers[0]?.in_flight === 1);
    gone.socket.resetAndDestroy();
    await server.logged(/LINE POST 499/);
    assert.equal(server.output.split('LINE ').length, 3);
  });

  test('a head that no packet can hold is answered 431 before its body is taken', async (t) => {
    const limits = { line: 8190, fields: 1000, fieldSize: 80_000, body: 0 };
    const { port } = await plainRigBefore(t, { limits, maxHeaderSize: 200_000 });
    const answer = await rawRequest(port, `${HEAD}X-Long: ${'x'.repeat(66_000)}\r\n\r\n`);
    assert.equal(statusOf(answer), 431);
  });

  test('a faulty one is answered 400 and reaches nobody', async (t) => {
    const { port, behind } = await plainRigBefore(t);
    const answer = await rawRequest(port, `${HEAD}\r\n${chunk('miaow')}zz\r\n`);
    assert.equal(statusOf(answer), 400);
    assert.deepEqual([behind.seen, behind.broken], [[], []]);
  });

  test('several megabytes wait in a file without a name, and nothing stays behind', async (t) => {
    const { server, behind, folder, port, pid } = await serverBefore(t);
    mkdirSync(folder);
    using client = new RawClient(port);
    const piece = 'miaow'.repeat(20_000);
    client.send(`${HEAD}\r\n`);
    for (let i = 0; i < 60; i++) client.send(chunk(piece));
    await eventually('the file', () => namelessFiles(pid).some((it) => it.endsWith('(deleted)')));
    assert.deepEqual(readdirSync(folder), []);
    client.send(END);
    await eventually('the answer', () => client.received.endsWith('6000000\r\n0\r\n\r\n'));
    assert.equal(behind.seen[0]?.digest, digestOf(piece.repeat(60)));
    await eventually('its end', () => namelessFiles(pid).length === 0);
    // One that is broken off leaves nothing either.
    using gone = new RawClient(port);
    gone.send(`${HEAD}\r\n`);
    for (let i = 0; i < 10; i++) gone.send(chunk(piece));
    await eventually('the file', () => namelessFiles(pid).length === 1);
    gone.socket.resetAndDestroy();
    await eventually('its end', () => namelessFiles(pid).length === 0);
    assert.equal(behind.seen.length, 1);
    server.kill('SIGTERM');
    assert.equal(await server.exited(), 0);
  });

  test('where there is no room for the file the answer is 507, the log says why, and small ones pass', async (t) => {
    // The folder is not there.
    const { server, behind, folder, port } = await serverBefore(t);
    const large = chunk('miaow'.repeat(100_000));
    const answer = await rawRequest(port, `${HEAD}\r\n${large}${END}`);
    assert.equal(statusOf(answer), 507);
    assert.match(answer, /there is no room for the body of the request/);
    await server.logged(/POST \/cats: its body .* cannot be held in .*ENOENT.*set TMPDIR/);
    assert.match(
      await rawRequest(port, `${HEAD}Connection: close\r\n\r\n${chunk('miaow')}${END}`),
      /^HTTP\/1\.1 200 /,
    );
    await server.until('the count', ({ routers: [router] }) => router?.answered['507'] === 1);
    assert.deepEqual([behind.seen.length, behind.broken], [1, []]);
    mkdirSync(folder);
    const again = await rawRequest(port, `${HEAD}Connection: close\r\n\r\n${large}${END}`);
    assert.equal(statusOf(again), 200);
  });
});

describe('bodies of HTTP/2 before such back ends', { skip: certificateProblem() ?? false }, () => {
  test('one whose length is not told is sent on with its length', async (t) => {
    const { session, behind } = await rigBefore(t);
    const stream = session.request({ ':path': '/cats', ':method': 'POST' });
    const piece = 'miaow'.repeat(10_000);
    for (let i = 0; i < 20; i++) stream.write(piece);
    stream.end();
    let body = '';
    stream.setEncoding('utf8').on('data', (text: string) => (body += text));
    await once(stream, 'end');
    assert.equal(body, '1000000');
    const [seen] = behind.seen;
    assert.deepEqual(
      [seen?.variables['CONTENT_LENGTH'], seen?.digest],
      ['1000000', digestOf(piece.repeat(20))],
    );
  });

  test('one that the client breaks off reaches nobody', async (t) => {
    const { session, behind, router } = await rigBefore(t);
    const stream = session.request({ ':path': '/cats', ':method': 'POST' });
    stream.on('error', () => undefined).write('miaow');
    await eventually('it to be under way', () => router.figures().in_flight === 1);
    stream.close(8);
    await eventually('its end', () => router.figures().aborted === 1);
    assert.equal(router.figures().in_flight, 0);
    assert.deepEqual([behind.seen, behind.broken], [[], []]);
  });

  test('one beyond --limit-post is answered 413 and reaches nobody', async (t) => {
    const limits = { line: 8190, fields: 100, fieldSize: 8190, body: 1000 };
    const { session, behind, router } = await rigBefore(t, { limits });
    const stream = session.request({ ':path': '/cats', ':method': 'POST' });
    stream.on('error', () => undefined).write('x'.repeat(1001));
    const [head] = (await once(stream, 'response')) as [Record<string, unknown>];
    assert.equal(head[':status'], 413);
    await eventually('its end', () => router.figures().in_flight === 0);
    assert.deepEqual([behind.seen, behind.broken], [[], []]);
  });
});
