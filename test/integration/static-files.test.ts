import assert from 'node:assert/strict';
import {
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.js';
import { get } from '../support/http.js';
import { rawRequest, statusOf } from '../support/raw-request.js';
import { MOST_GROWN } from '../support/resident.js';
import { RawClient } from '../support/router-rig.js';
import { startServer, type TestServer } from '../support/server.js';
import { makeSite } from '../support/static-site.js';
import { askUwsgi, packetOf, variablesOf } from '../support/uwsgi-packet.js';

const APP = 'export default (req, res) => res.end("application " + req.method + " " + req.url);\n';

interface Site {
  readonly server: TestServer;
  readonly site: string;
  readonly port: number;
}

/** One worker with a folder of files under /static, by its own socket or behind a router. */
async function serveSite(
  t: TestContext,
  front: '--http' | '--http-socket',
  args: readonly string[] = [],
): Promise<Site> {
  const site = makeSite(t, {
    'app.mjs': APP,
    'public/hello.txt': 'hello from a file',
    'public/app.js': 'plain();',
    'public/app.js.gz': 'gzipped',
    'public2/secret.txt': 'the secret',
    'secret.txt': 'the secret',
  });
  symlinkSync('../secret.txt', path.join(site, 'public/link'));
  const server = startServer(
    t,
    [...[front, '127.0.0.1:0', '--module', 'app.mjs', '--static-map', '/static=public'], ...args],
    { cwd: site },
  );
  await server.ready();
  if (front === '--http') {
    await server.until('a router', ({ routers }) => routers[0]?.state === 'ready');
  }
  return { server, site, port: await server.port() };
}

for (const front of ['--http', '--http-socket'] as const) {
  test(`${front} answers from files, and leaves what is no file to the application`, async (t) => {
    const { server } = await serveSite(t, front, ['--static-gzip-all']);
    const file = await get(await server.url('/static/hello.txt'));
    assert.equal(file.body, 'hello from a file');
    assert.equal(file.headers['content-type'], 'text/plain; charset=utf-8');
    assert.equal(file.headers['content-length'], '17');
    for (const route of ['/static/none', '/staticfoo', '/', '/static2/secret.txt']) {
      assert.equal((await get(await server.url(route))).body, `application GET ${route}`);
    }
    const again = await fetch(await server.url('/static/hello.txt'), {
      headers: { 'if-none-match': String(file.headers.etag) },
    });
    assert.equal(again.status, 304);
    const part = await fetch(await server.url('/static/hello.txt'), {
      headers: { range: 'bytes=-4' },
    });
    assert.deepEqual([part.status, await part.text()], [206, 'file']);
    const posted = await fetch(await server.url('/static/hello.txt'), { method: 'POST' });
    assert.equal(await posted.text(), 'application POST /static/hello.txt');
    const port = await server.port();
    const packed = await rawRequest(
      port,
      'GET /static/app.js HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n',
    );
    assert.match(packed, /content-encoding: gzip\r\n[^]*\r\n\r\ngzipped$/i);
    assert.match(packed, /vary: accept-encoding\r\n/i);
    const head = await rawRequest(
      port,
      'HEAD /static/hello.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    assert.match(head, /^HTTP\/1\.1 200 OK\r\n[^]*Content-Length: 17\r\n[^]*\r\n\r\n$/);
  });

  test(`${front} gives nothing away from outside of the folder`, async (t) => {
    const { port } = await serveSite(t, front);
    const attacks: [target: string, status: number][] = [
      ['/static/../secret.txt', 400],
      ['/static/%2e%2e/secret.txt', 400],
      ['/static/..%2fsecret.txt', 400],
      ['/static/..%5csecret.txt', 400],
      ['/static/hello.txt%00', 400],
      ['/static/%c0%ae%c0%ae/secret.txt', 400],
      ['http://a/static/%2e%2e/secret.txt', 400],
      ['/static/%2e%2e/public2/secret.txt', 400],
      ['/static/.env', 404],
      ['/static/link', 403],
    ];
    for (const [target, status] of attacks) {
      const answer = await rawRequest(
        port,
        `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      );
      assert.equal(statusOf(answer), status, target);
      assert.doesNotMatch(answer, /the secret/);
    }
  });

  test(`${front} keeps the order of pipelined requests for files and the application`, async (t) => {
    const { port } = await serveSite(t, front);
    const ask = (target: string, more = ''): string =>
      `GET ${target} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
    const answers = await rawRequest(
      port,
      ask('/static/hello.txt') +
        ask('/one') +
        ask('/static/none') +
        ask('/static/app.js') +
        ask('/last', 'Connection: close\r\n'),
    );
    const bodies = answers.match(
      /hello from a file|plain\(\);|application GET \/(?:one|static\/none|last)/g,
    );
    assert.deepEqual(bodies, [
      'hello from a file',
      'application GET /one',
      'application GET /static/none',
      'plain();',
      'application GET /last',
    ]);
  });

  test(`${front} sends 1 GB from a file without holding it, and a slow client holds nothing`, async (t) => {
    const { server, site, port } = await serveSite(t, front);
    const file = path.join(site, 'public/big.bin');
    writeFileSync(file, '');
    truncateSync(file, 2 ** 30);
    const before = await server.stats();
    const pid = before.routers[0]?.pid ?? before.workers[0]?.pid ?? 0;
    using slow = new RawClient(port);
    slow.send('GET /static/big.bin HTTP/1.1\r\nHost: a\r\n\r\n');
    await eventually('the slow client’s first bytes', () => slow.received.length > 0);
    slow.socket.pause();
    const resting = peakOf(pid);
    let received = 0;
    await new Promise<void>((resolve, reject) => {
      http
        .get({ port, path: '/static/big.bin', agent: false }, (response) => {
          response
            .on('data', (chunk: Buffer) => (received += chunk.length))
            .on('end', resolve)
            .on('error', reject);
        })
        .on('error', reject);
    });
    assert.equal(received, 2 ** 30);
    assert.ok(
      (peakOf(pid) - resting) * 1024 < MOST_GROWN,
      `${resting} kB grew to ${peakOf(pid)} kB`,
    );
    slow.socket.destroy();
    await eventually('the file to be closed', () => !openFiles(pid).includes(file));
  });

  test(`${front} breaks an answer off whose file was cut short meanwhile`, async (t) => {
    const { site, port } = await serveSite(t, front);
    const file = path.join(site, 'public/big.bin');
    writeFileSync(file, '');
    truncateSync(file, 2 ** 28);
    using client = new RawClient(port);
    client.send('GET /static/big.bin HTTP/1.1\r\nHost: a\r\n\r\n');
    await eventually('the first bytes', () => client.received.length > 0);
    client.socket.pause();
    truncateSync(file, 10);
    let rest = 0;
    client.socket.removeAllListeners('data').on('data', (text: string) => (rest += text.length));
    client.socket.resume();
    await eventually('the end of the connection', () => client.ending !== null);
    assert.ok(rest < 2 ** 28);
  });
}

test('workers count files in uWSGI’s field, apart from the application’s time, and log them so', async (t) => {
  const { server } = await serveSite(t, '--http-socket');
  for (let i = 0; i < 3; i++) await get(await server.url('/static/hello.txt'));
  const stats = await server.until('the count', ({ workers }) => workers[0]?.requests === 3);
  const [worker] = stats.workers;
  assert.equal(worker?.cores?.[0]?.static_requests, 3);
  assert.equal(worker.avg_rt, 0);
  await get(await server.url('/other'));
  const after = await server.until('the other', ({ workers }) => workers[0]?.requests === 4);
  assert.equal(after.workers[0]?.cores?.[0]?.static_requests, 3);
  await server.logged(
    /GET \/static\/hello\.txt => generated 17 bytes in \d+ msecs via sendfile\(\) \(HTTP\/1\.1 200\)/,
  );
  await server.logged(/GET \/other => generated 22 bytes in \d+ msecs \(HTTP\/1\.1 200\)/);
});

test('a router answers from files although no worker is asked, and counts them', async (t) => {
  const { server } = await serveSite(t, '--http');
  for (let i = 0; i < 3; i++) await get(await server.url('/static/hello.txt'));
  const stats = await server.until('the count', ({ routers }) => routers[0]?.static_requests === 3);
  assert.equal(stats.routers[0]?.requests, 3);
  assert.equal(stats.workers[0]?.requests, 0);
  await server.logged(
    /app: -1\|req: -1\/\d+\] 127\.0\.0\.1 [^\n]* GET \/static\/hello\.txt => generated 17 bytes in \d+ msecs via sendfile\(\) \(HTTP\/1\.1 200\)/,
  );
});

test('counts of files outlive the process that served them', async (t) => {
  const { server } = await serveSite(t, '--http-socket');
  await get(await server.url('/static/hello.txt'));
  const served = await server.until(
    'the count',
    ({ workers }) => workers[0]?.cores?.[0]?.static_requests === 1,
  );
  process.kill(served.workers[0]?.pid ?? 0, 'SIGKILL');
  const after = await server.until(
    'the next process',
    ({ workers }) => workers[0]?.respawn_count === 2 && workers[0].accepting === 1,
  );
  assert.equal(after.workers[0]?.cores?.[0]?.static_requests, 1);
});

test('harakiri does not strike a client that takes its time with a file', async (t) => {
  const { server, site, port } = await serveSite(t, '--http-socket', ['--harakiri', '0.3']);
  const file = path.join(site, 'public/big.bin');
  writeFileSync(file, '');
  truncateSync(file, 2 ** 26);
  using client = new RawClient(port);
  client.send('GET /static/big.bin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  await eventually('the first bytes', () => client.received.length > 0);
  client.socket.pause();
  const began = Date.now();
  await eventually('twice the limit to be over', () => Date.now() - began > 600);
  client.socket.resume();
  await eventually('the end', () => client.ending !== null);
  assert.ok(client.received.length > 2 ** 26);
  assert.equal((await server.stats()).workers[0]?.harakiri_count, 0);
});

test('a uwsgi socket serves files too', async (t) => {
  const site = makeSite(t, { 'app.mjs': APP, 'public/a.txt': 'a file' });
  const server = startServer(
    t,
    ['--socket', '127.0.0.1:0', '--module', 'app.mjs', '--static-map', '/static=public'],
    { cwd: site, onlySockets: true },
  );
  await server.ready();
  const packet = packetOf(variablesOf('GET', '/static/a.txt'));
  const answer = await askUwsgi(await server.port(), packet);
  assert.match(answer, /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\na file$/);
});

test('--check-static looks for every path, --static-index answers for a folder', async (t) => {
  const site = makeSite(t, { 'app.mjs': APP, 'public/index.html': 'home', 'public/a.txt': 'a' });
  const server = startServer(
    t,
    ['--module', 'app.mjs', '--check-static', 'public', '--static-index', 'index.html'],
    { cwd: site },
  );
  await server.ready();
  assert.equal((await get(await server.url('/'))).body, 'home');
  assert.equal((await get(await server.url('/a.txt'))).body, 'a');
  assert.equal((await get(await server.url('/b.txt'))).body, 'application GET /b.txt');
});

const REFUSED: [args: string[], message: RegExp][] = [
  [['--static-map', 'static=public'], /the mount point "static" must begin with a slash/],
  [['--static-map', '/static'], /"\/static" is not \/MOUNT=DIR/],
  [['--static-map', '/static=none'], /--static-map \/static=.*none: there is no such folder/],
  [['--check-static', 'app.mjs'], /--check-static .*app\.mjs: that is not a folder/],
  [['--static-map2', '/none=.'], /--static-map2 \/none=.*: there is no such folder: .*\/none/],
  [['--static-expires', '(=3'], /Invalid regular expression/],
  [['--static-expires', 'a=b'], /"b" is not a whole number of seconds/],
  [['--static-index', 'a/b'], /"a\/b" is not the name of a file/],
  [['--mime-file', 'none'], /--mime-file .*none cannot be read/],
];

for (const [args, message] of REFUSED) {
  test(`${args.join(' ')} is refused at the start`, async (t) => {
    const site = makeSite(t, { 'app.mjs': APP });
    const server = startServer(t, ['--module', 'app.mjs', ...args], { cwd: site });
    assert.notEqual(await server.exited(), 0);
    assert.match(server.output, message);
  });
}

/** The most memory that a process has had, in kB. */
function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

function openFiles(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((fd) => linkOf(path.join(folder, fd)));
}

function linkOf(link: string): string[] {
  try {
    return [readlinkSync(link)];
  } catch {
    return [];
  }
}
