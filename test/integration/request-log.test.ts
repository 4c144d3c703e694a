import assert from 'node:assert/strict';
import net from 'node:net';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { rawRequest } from '../support/raw-request.js';
import { RawClient } from '../support/router-rig.js';
import { APPS, CATSERVE, startServer, type TestServer } from '../support/server.js';
import { askUwsgi, packetOf, variablesOf } from '../support/uwsgi-packet.js';

const FORMAT = 'REQ %(wid) %(addr) "%(method) %(uri)" %(status) %(size)';

async function start(t: TestContext, ...args: string[]): Promise<TestServer> {
  const server = startServer(t, ['--module', CATSERVE, '-p', '1', ...args]);
  await server.ready();
  await server.until('routers', ({ routers }) => routers.every(({ state }) => state === 'ready'));
  return server;
}

/** What the log has of requests in the form above. */
function lines(server: TestServer): string[] {
  return [...server.output.matchAll(/^REQ .*$/gm)].map(([line]) => line);
}

async function logged(server: TestServer, count: number): Promise<string[]> {
  return eventually(`${count} lines`, () => {
    const found = lines(server);
    if (found.length < count) throw new Error(server.output);
    return found;
  });
}

describe('--log-format', () => {
  for (const front of ['--http-socket', '--http']) {
    test(`has a line for each request of ${front}, for refused ones and for what is none`, async (t) => {
      const server = await start(t, front, '127.0.0.1:0', '--log-format', FORMAT);
      const port = await server.port();
      const whole = await rawRequest(
        port,
        'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      );
      // Another process may write the next line.
      await logged(server, 1);
      const refused = await rawRequest(port, 'GET /b HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n');
      const none = await rawRequest(port, 'rubbish\r\n\r\n');
      const found = await logged(server, 3);
      const [by, self] = front === '--http' ? ['0', '0'] : ['1', '1'];
      assert.match(found[0] ?? '', /^REQ 1 127\.0\.0\.1 "GET \/" 200 \d+$/);
      if (front === '--http-socket') assert.ok(found[0]?.endsWith(` ${whole.length}`));
      assert.equal(found[1], `REQ ${by} 127.0.0.1 "GET /b" 400 ${refused.length}`);
      assert.equal(found[2], `REQ ${self} 127.0.0.1 "- -" 400 ${none.length}`);
    });
  }

  for (const front of ['--http-socket', '--http']) {
    test(`has a line for each tunnel of ${front}, when it is closed`, async (t) => {
      const server = startServer(t, [
        ...[front, '127.0.0.1:0', '--module', path.join(APPS, 'upgrades.mjs'), '-p', '1'],
        ...['--log-format', `${FORMAT} %(rsize) %(hsize) %(headers) %(ioerr)`],
      ]);
      await server.ready();
      const head = 'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';
      using client = new RawClient(await server.port()).send(head);
      await eventually('the switch', () => client.received.includes('101'));
      client.send('miaow');
      await eventually('the echo', () => client.received.endsWith('miaow'));
      assert.deepEqual(lines(server), []);
      client.socket.end();
      const sent =
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';
      const counts = `${sent.length + 5} 5 ${sent.length} 2 0`;
      assert.deepEqual(await logged(server, 1), [`REQ 1 127.0.0.1 "GET /chat" 101 ${counts}`]);
    });
  }

  test('has a line for a tunnel of a uwsgi socket, and for one whose client leaves at once', async (t) => {
    const folder = makeFolder(t, {
      'app.mjs':
        "import http from 'node:http';\n" +
        "export default http.createServer().on('upgrade', ({ url }, socket) => {\n" +
        "  if (url === '/silent') socket.on('end', () => socket.destroy()).resume();\n" +
        "  else socket.end('HTTP/1.1 403 Forbidden\\r\\n\\r\\nno');\n" +
        '});\n',
    });
    const socket = path.join(folder, 'app.sock');
    const args = ['--socket', socket, '--module', 'app.mjs', '-p', '1'];
    const server = startServer(t, [...args, '--log-format', `${FORMAT} %(ioerr)`], {
      ...{ cwd: folder, onlySockets: true },
    });
    await server.ready();
    const upgrade = { HTTP_CONNECTION: 'Upgrade', HTTP_UPGRADE: 'echo' };
    const answer = await askUwsgi(socket, packetOf(variablesOf('GET', '/no', upgrade)));
    assert.match(answer, /^HTTP\/1\.1 403 /);
    const [first] = await logged(server, 1);
    assert.equal(first, `REQ 1 192.0.2.7 "GET /no" 403 ${answer.length} 0`);
    const leaving = net.connect(socket);
    leaving.write(packetOf(variablesOf('GET', '/silent', upgrade)));
    await server.until('the tunnel', ({ workers }) => workers[0]?.upgraded === 1);
    leaving.destroy();
    assert.equal((await logged(server, 2))[1], 'REQ 1 192.0.2.7 "GET /silent" 499 0 1');
  });

  test('has a line for each request of a uwsgi socket, for refused ones too', async (t) => {
    const socket = path.join(makeFolder(t, {}), 'app.sock');
    const server = await start(t, '--socket', socket, '--log-format', FORMAT);
    const taken = await askUwsgi(socket, packetOf(variablesOf('GET', '/cats', {})));
    const refused = await askUwsgi(socket, Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    const found = await logged(server, 2);
    assert.equal(found[0], `REQ 1 192.0.2.7 "GET /cats" ${taken.slice(9, 12)} ${taken.length}`);
    assert.equal(found[1], `REQ 1 - "- -" 400 ${refused.length}`);
  });

  test('has a line for what a router answers itself, and for a client that leaves its queue', async (t) => {
    const module = path.join(makeFolder(t, { 'app.mjs': NEVER_ANSWERS }), 'app.mjs');
    const server = startServer(t, [
      ...['--module', module, '-p', '1', '--async', '1', '--http', '127.0.0.1:0'],
      ...['--http-queue', '1', '--log-format', FORMAT],
    ]);
    await server.ready();
    await server.until('routers', ({ routers }) => routers.every(({ state }) => state === 'ready'));
    const url = await server.url('/');
    const [first, second] = [new AbortController(), new AbortController()];
    const left = [Promise.allSettled([fetch(url, { signal: first.signal })])];
    await server.until('the first', ({ routers }) => routers[0]?.in_flight === 1);
    left.push(Promise.allSettled([fetch(`${url}two`, { signal: second.signal })]));
    await server.until('the second', ({ routers }) => routers[0]?.queued === 1);
    assert.equal((await fetch(`${url}three`)).status, 503);
    second.abort();
    await logged(server, 2);
    first.abort();
    await Promise.all(left);
    const found = await logged(server, 3);
    assert.deepEqual(found.map((line) => line.replace(/\d+$/, 'N')).sort(), [
      'REQ 0 127.0.0.1 "GET /three" 503 N',
      'REQ 0 127.0.0.1 "GET /two" 499 N',
      'REQ 1 127.0.0.1 "GET /" 499 N',
    ]);
  });

  test('is refused with what is wrong in it, and beside --log-json', async (t) => {
    const wrong = startServer(t, ['--module', CATSERVE, '--log-format', '%(metod)']);
    assert.notEqual(await wrong.exited(), 0);
    assert.match(wrong.output, /--log-format.*%\(metod\) is no variable; did you mean method\?/);
    const both = startServer(t, ['--module', CATSERVE, '--log-format', 'a', '--log-json']);
    assert.notEqual(await both.exited(), 0);
    assert.match(both.output, /--log-json and --log-format .*: give one of them/);
  });
});

/** Answers nothing, ever. */
const NEVER_ANSWERS = 'export default (request, response) => undefined;';

describe('--log-json', () => {
  test('has an object for each request, of workers and routers', async (t) => {
    const server = await start(t, '--http', '127.0.0.1:0', '--log-json');
    const objects = (count: number) =>
      eventually(`${count} lines`, () => {
        const texts = [...server.output.matchAll(/^\{.*\}$/gm)].map(([line]) => line);
        const every = texts.map((text) => JSON.parse(text) as Record<string, unknown>);
        // The other lines are objects too.
        const all = every.filter(({ message }) => message === undefined);
        return all.length === count && all;
      });
    await get(await server.url('/'));
    // Another process writes the next line.
    await objects(1);
    await rawRequest(await server.port(), 'rubbish\r\n\r\n');
    const found = await objects(2);
    assert.deepEqual(
      found.map(({ worker, client, uri, status }) => [worker, client, uri, status]),
      [
        [1, '127.0.0.1', '/', 200],
        [null, '127.0.0.1', null, 400],
      ],
    );
  });
});

describe('with --disable-logging', () => {
  test('only requests that an option asks for are logged', async (t) => {
    const server = startServer(t, [
      ...['--module', path.join(APPS, 'echo.mjs'), '-p', '1', '--http-socket', '127.0.0.1:0'],
      ...['-L', '--log-4xx', '--log-big', '100', '--log-format', FORMAT],
    ]);
    await server.ready();
    await server.until('routers', ({ routers }) => routers.every(({ state }) => state === 'ready'));
    const port = await server.port();
    const close = 'Host: a\r\nConnection: close\r\n\r\n';
    await rawRequest(port, `GET /small HTTP/1.1\r\n${close}`);
    await rawRequest(port, `GET /${'big'.repeat(40)} HTTP/1.1\r\n${close}`);
    await rawRequest(port, `GET /two-hosts HTTP/1.1\r\nHost: b\r\n${close}`);
    const found = await logged(server, 2);
    assert.match(found[0] ?? '', /"GET \/bigbig/);
    assert.match(found[1] ?? '', /"GET \/two-hosts" 400 /);
    assert.equal(found.length, 2);
  });
});

test('refusals by the hundred take some lines of the log, and one that says how many more', async (t) => {
  const server = await start(t, '--http-socket', '127.0.0.1:0', '--log-format', FORMAT);
  const port = await server.port();
  await Promise.all(Array.from({ length: 200 }, () => rawRequest(port, 'rubbish\r\n\r\n')));
  await server.logged(/^and \d+ more refused requests within a second/m);
  assert.ok(lines(server).length <= 100, 'far fewer than there were');
});

test('--log-x-forwarded-for names the client of a trusted peer, on each front', async (t) => {
  for (const front of ['--http-socket', '--http']) {
    const server = await start(
      t,
      ...[front, '127.0.0.1:0', '--log-format', FORMAT],
      ...['--log-x-forwarded-for', '--trust-proxy', 'loopback'],
    );
    await fetch(await server.url('/'), { headers: { 'x-forwarded-for': '6.6.6.6, 198.51.100.7' } });
    const [line] = await logged(server, 1);
    assert.match(line ?? '', /^REQ 1 198\.51\.100\.7 "GET \/" 200 /);
  }
});
