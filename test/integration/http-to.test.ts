import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get, startLoad } from '../support/http.js';
import { rawRequest, statusOf } from '../support/raw-request.js';
import { freePort, startUwsgi, WITHOUT_UWSGI } from '../support/real-uwsgi.js';
import { APPS, isAlive, startServer, type TestServer } from '../support/server.js';
import { startUpgradable } from '../support/upgrades.js';

const ECHO: http.RequestListener = (request, response) => {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => (bytes += chunk.length));
  request.on('end', () => {
    response.end(`${request.method ?? ''} ${request.url ?? ''} ${bytes}`);
  });
};

/** A back end of HTTP on a port; where it listens, and what ends it at once. */
async function backEnd(
  t: TestContext,
  handler: http.RequestListener = ECHO,
  port = 0,
): Promise<{ readonly address: string; readonly port: number; stop(): void }> {
  const server = http.createServer(handler);
  server.on('upgrade', (_request, socket) => {
    const head = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';
    socket.write(head);
    socket.pipe(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  t.after(stop);
  return { address: `http://127.0.0.1:${bound}`, port: bound, stop };
}

/** Routers alone, before these back ends, once they accept. */
async function routersBefore(
  t: TestContext,
  to: readonly string[],
  more: readonly string[] = [],
): Promise<TestServer> {
  const named = to.flatMap((address) => ['--http-to', address]);
  const server = startServer(t, ['--http', '127.0.0.1:0', ...named, ...more]);
  await server.until('the router', ({ routers }) => routers[0]?.state === 'ready');
  return server;
}

/** A tsuwsgi whose workers speak the uwsgi protocol; its socket. */
async function uwsgiBackEnd(t: TestContext, app = 'mirror.mjs'): Promise<string> {
  const socket = path.join(makeFolder(t, {}), 'app.sock');
  const args = ['--socket', socket, '--module', path.join(APPS, app)];
  const server = startServer(t, args, { onlySockets: true });
  await server.ready();
  return socket;
}

describe('routers before foreign back ends', { timeout: 120_000 }, () => {
  test('pass requests on without a worker, and the document tells of each back end', async (t) => {
    const [one, two] = [await backEnd(t), await backEnd(t)];
    const server = await routersBefore(t, [one.address, two.address]);
    for (const cat of ['suki', 'bengt']) {
      assert.equal((await get(await server.url(`/${cat}`))).body, `GET /${cat} 0`);
    }
    const { workers, routers } = await server.until('the counts', ({ routers: [router] }) => {
      const asked = (router?.backends ?? []).filter(({ requests }) => requests === 1);
      return asked.length === 2;
    });
    assert.deepEqual(workers, []);
    assert.deepEqual(
      routers[0]?.backends.map(({ address, state, errors }) => [address, state, errors]),
      [one, two].map(({ address }) => [address, 'up', 0]),
    );
  });

  test('pass uploads in chunks, large answers and upgrades on over HTTP', async (t) => {
    const { address } = await backEnd(t, (request, response) => {
      if (request.url === '/large') response.end(Buffer.alloc(20_000_000, 'cats'));
      else ECHO(request, response);
    });
    const port = await (await routersBefore(t, [address])).port();
    const head =
      'POST /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';
    const answer = await rawRequest(port, `${head}4\r\ncats\r\n0\r\n\r\n`);
    assert.match(answer, /POST \/a 4/);
    assert.equal((await get(`http://127.0.0.1:${port}/large`)).body.length, 20_000_000);
    const upgrade = 'GET /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';
    assert.match(await rawRequest(port, `${upgrade}miaow`, /miaow/), /^HTTP\/1\.1 101 [^]*miaow$/);
  });

  test('are replaced by SIGHUP without the loss of a request', async (t) => {
    const { address } = await backEnd(t);
    const server = await routersBefore(t, [address]);
    const load = startLoad(await server.url('/'), 4, true);
    await eventually('answers', () => load.answered() > 50);
    server.kill('SIGHUP');
    await server.logged(/reload finished/);
    const { failures } = await load.stop();
    assert.deepEqual(failures, []);
  });

  test('ask another back end when one is gone under load, and the first again when it is back', async (t) => {
    const [one, two] = [await backEnd(t), await backEnd(t)];
    const server = await routersBefore(t, [one.address, two.address]);
    const load = startLoad(await server.url('/'), 4, false);
    await eventually('answers', () => load.answered() > 50);
    one.stop();
    await server.until('it to be down', ({ routers }) =>
      (routers[0]?.backends ?? []).some(({ state }) => state === 'down'),
    );
    await backEnd(t, ECHO, one.port);
    await server.until('it to be up again', ({ routers }) =>
      (routers[0]?.backends ?? []).every(({ state }) => state === 'up'),
    );
    // All of them GET, so that even those that had reached it could be asked again.
    assert.deepEqual((await load.stop()).failures, []);
  });

  test('let requests wait for a back end while all are down, and answer 503 after that', async (t) => {
    const port = await freePort();
    const server = await routersBefore(t, [`127.0.0.1:${port}`], ['--http-connect-timeout', '1']);
    const answer = await rawRequest(
      await server.port(),
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc',
    );
    assert.equal(statusOf(answer), 503);
    assert.match(answer, /Retry-After: 1/);
    assert.match(answer, /no back end accepts requests now/);
    await server.logged(new RegExp(`uwsgi://127\\.0\\.0\\.1:${port}: ECONNREFUSED`));
  });

  test('speak the uwsgi protocol to sockets, with the true client and the body', async (t) => {
    const socket = await uwsgiBackEnd(t);
    const port = await (await routersBefore(t, [socket])).port();
    const head = 'POST /cats?a=b HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n';
    const answer = await rawRequest(port, `${head}Expect: 100-continue\r\n\r\nmiaow`);
    assert.match(answer, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
    const seen = JSON.parse(answer.slice(answer.lastIndexOf('\r\n\r\n') + 4)) as Record<
      string,
      unknown
    >;
    assert.deepEqual(
      [seen['method'], seen['url'], seen['bytes'], seen['remoteAddress'], seen['encrypted']],
      ['POST', '/cats?a=b', 5, '127.0.0.1', false],
    );
  });

  test('tell a back end of the uwsgi protocol how long a body in chunks is', async (t) => {
    const socket = await uwsgiBackEnd(t);
    const port = await (await routersBefore(t, [socket])).port();
    const head = 'POST /cats HTTP/1.1\r\nHost: a\r\nConnection: close\r\n';
    const answer = await rawRequest(
      port,
      `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nmiaow\r\n0\r\n\r\n`,
    );
    assert.equal(statusOf(answer), 200);
    assert.match(answer, /"bytes":5/);
  });

  test('ask the back ends and not the own workers, which stay reachable on their own socket', async (t) => {
    const { address } = await backEnd(t);
    const socket = path.join(makeFolder(t, {}), 'own.sock');
    const module = path.join(APPS, 'mirror.mjs');
    const server = await routersBefore(t, [address], ['--http-socket', socket, '--module', module]);
    await server.ready();
    assert.equal((await get(await server.url('/foreign'))).body, 'GET /foreign 0');
    const own = net.connect(socket).setEncoding('utf8');
    own.end('GET /own HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    let text = '';
    for await (const chunk of own) text += String(chunk);
    assert.match(text, /"url":"\/own"/);
  });

  test(
    'stand before a real uWSGI, by either of its protocols',
    { skip: WITHOUT_UWSGI },
    async (t) => {
      const port = await freePort();
      const [socket, httpPort] = [`127.0.0.1:${port}`, await freePort()];
      await using uwsgi = await startUwsgi((folder) => [
        ...['--socket', socket, '--http-socket', `127.0.0.1:${httpPort}`],
        ...['--stats', path.join(folder, 'stats.sock')],
      ]);
      for (const to of [socket, `http://127.0.0.1:${httpPort}`]) {
        const server = await routersBefore(t, [to]);
        const { status, body } = await get(await server.url('/'));
        assert.deepEqual([status, body], [200, 'ok'], uwsgi.log());
      }
    },
  );
});

describe('routers alone', { timeout: 120_000 }, () => {
  test('are ready while one of their back ends is up and they are not paused', async (t) => {
    const behind = await backEnd(t);
    const server = await routersBefore(t, [behind.address]);
    const readyz = async (status: number, line: RegExp): Promise<void> => {
      await eventually(`/readyz to be ${status}, ${line}`, async () => {
        const found = await get(`http://127.0.0.1:${await server.statsPort()}/readyz`);
        return found.status === status && line.test(found.body);
      });
    };
    await readyz(200, /^ready: 1 of 1 routers accept$/m);
    server.kill('SIGTSTP');
    await readyz(503, /^paused: the routers accept nothing/);
    server.kill('SIGCONT');
    await readyz(200, /^ready: /);
    behind.stop();
    // The request is answered 503 in the end, or waits for the back end that is gone.
    const port = await server.port();
    const client = net.connect(port, '127.0.0.1').on('error', () => undefined);
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await readyz(503, /^no back end can be reached: the only one is down$/m);
    client.destroy();
  });

  test('are taken over by a new master, as with workers', async (t) => {
    const { address } = await backEnd(t);
    const { server, upgrade, end } = startUpgradable(t, [
      ...['--http', '127.0.0.1:0', '--http-to', address],
    ]);
    await server.until('the router', ({ routers }) => routers[0]?.state === 'ready');
    const load = startLoad(await server.url(), 3, true);
    await eventually('answers', () => load.answered() > 50);
    const old = server.pid;
    const successor = await upgrade(old);
    await eventually('the end of the old master', () => !isAlive(old));
    const answered = load.answered();
    await eventually('answers', () => load.answered() > answered + 50);
    assert.deepEqual((await load.stop()).failures, []);
    await end(successor);
  });
});

test('options that cannot go together are refused with the remedy', async (t) => {
  const module = ['--module', path.join(APPS, 'mirror.mjs')];
  const settings = { onlySockets: true, stats: false };
  const alone = startServer(t, ['--http-to', '127.0.0.1:3031'], settings);
  await alone.exited();
  assert.match(alone.output, /--http-to .* has no router .* give --http ADDR/);
  const idle = startServer(t, ['--http', ':0', '--http-to', ':3031', ...module], settings);
  await idle.exited();
  assert.match(idle.output, /--module .* beside --http-to is reached by nobody/);
  const wrong = startServer(t, ['--http', ':0', '--http-to', 'ftp://a:21'], settings);
  await wrong.exited();
  assert.match(wrong.output, /ftp:\/\/a:21": no back end speaks ftp here/);
  const workers = startServer(t, ['--http', ':0', '--http-to', ':3031', '-p', '4'], settings);
  await workers.exited();
  assert.match(workers.output, /--processes 4 beside --http-to is for workers.*give --module FILE/);
  const cheap = startServer(t, ['--http', ':0', '--http-to', ':3031', '--cheaper', '2'], settings);
  await cheap.exited();
  assert.match(cheap.output, /--cheaper 2 beside --http-to is for workers/);
});
