import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';
import { makeFolder } from '../support/folder.js';
import { get, raw } from '../support/http.js';
import { CATSERVE, startServer } from '../support/server.js';

const HELLO = "export default (_req, res) => res.end('hello');\n";

test('with --need-app an application that cannot be loaded ends the instance with code 22', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': "throw new Error('no database');\n" });
  const server = startServer(t, ['--module', 'app.mjs', '--need-app', '-p', '2'], { cwd });
  assert.equal(await server.exited(), 22);
  assert.match(server.output, /no database/);
  assert.match(server.output, /^\*\*\* no app loaded\. GAME OVER \*\*\*$/m);
  assert.match(server.output, /^need-app requested, destroying the instance\.\.\.$/m);
});

test('without --need-app the workers stay up, answer 500 and log why', async (t) => {
  const cwd = makeFolder(t, {});
  const server = startServer(t, ['--module', 'missing.mjs'], { cwd });
  await server.ready();
  const { status, body } = await get(await server.url());
  assert.deepEqual([status, body], [500, 'Internal Server Error']);
  assert.match(server.output, /cannot load .*missing\.mjs/);
  await server.logged(/--- no application found, check your startup logs for errors ---/);
});

test('a module that exports nothing usable is told apart from one that is missing', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': 'export const answer = 42;\n' });
  const server = startServer(t, ['--module', 'app.mjs', '--need-app'], { cwd });
  assert.equal(await server.exited(), 22);
  assert.match(
    server.output,
    /app\.mjs exports nothing that can be served: export a \(req, res\) function/,
  );
});

test('a port in use is named before any worker is spawned', async (t) => {
  const other = http.createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const { port } = other.address() as net.AddressInfo;
  const address = `127.0.0.1:${port}`;
  const server = startServer(t, ['--http-socket', address, '--module', CATSERVE]);
  assert.equal(await server.exited(), 1);
  assert.match(server.output, new RegExp(`cannot bind ${address}: the address is in use`));
  assert.doesNotMatch(server.output, /spawned/);
});

test('a unix socket is served, its queue is measured and its file removed', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': HELLO });
  const socket = path.join(cwd, 'app.sock');
  const server = startServer(t, ['--http-socket', socket, '--module', 'app.mjs', '-L'], { cwd });
  const { sockets } = await server.ready();
  assert.deepEqual(sockets, [
    { name: socket, proto: 'http', queue: 0, max_queue: 100, shared: 0, can_offload: 0 },
  ]);
  const client = net.connect(socket);
  client.end('GET / HTTP/1.1\r\nHost: cats\r\nConnection: close\r\n\r\n');
  const answer = Buffer.concat((await client.toArray()) as Buffer[]).toString();
  assert.match(answer, /\r\n\r\nhello$/);
  const { pid } = (await server.stats()).workers[0]!;
  process.kill(pid, 'SIGSTOP');
  const waiting = Array.from({ length: 3 }, () => net.connect(socket));
  await server.until('3 in the queue', (stats) => stats.listen_queue === 3);
  process.kill(pid, 'SIGCONT');
  for (const connection of waiting) connection.destroy();
  server.kill('SIGTERM');
  assert.equal(await server.exited(), 0);
  assert.deepEqual(readdirSync(cwd), ['app.mjs']);
});

test('the socket file of a master that was killed is taken over', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': HELLO });
  const args = ['--http-socket', './app.sock', '--module', 'app.mjs'];
  const killed = startServer(t, args, { cwd });
  await killed.ready();
  killed.kill('SIGKILL');
  await killed.exited();
  assert.ok(existsSync(path.join(cwd, 'app.sock')));
  const server = startServer(t, args, { cwd });
  await server.ready();
});

test('two sockets lead to the same application and the same counts', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': HELLO });
  const two = ['--http-socket', '127.0.0.1:0', '--http-socket', '127.0.0.1:0'];
  const server = startServer(t, [...two, '--module', 'app.mjs', '-L'], { cwd });
  const { sockets } = await server.ready();
  for (const { name } of sockets) assert.equal((await get(`http://${name}/`)).body, 'hello');
  const stats = await server.until('2 requests', ({ workers }) => workers[0]!.requests === 2);
  assert.equal(stats.sockets.length, 2);
});

test('an address without a host is served on IPv4 and IPv6', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': HELLO });
  const server = startServer(t, ['--http-socket', ':0', '--module', 'app.mjs'], { cwd });
  await server.ready();
  const port = await server.port();
  assert.equal((await get(`http://127.0.0.1:${port}/`)).status, 200);
  const hasIpv6 = server.output.includes('[::]');
  if (hasIpv6) assert.equal((await get(`http://[::1]:${port}/`)).status, 200);
  // The log knows an IPv4 client by its IPv4 address.
  await server.logged(/\] 127\.0\.0\.1 \(\) \{/);
});

test('an ini file alone is enough, and its module is relative to it', async (t) => {
  const cwd = makeFolder(t, {
    'app.mjs': HELLO,
    'cats.ini': '[uwsgi]\nmodule = app.mjs\nworkers = 2\nname = cats\nhttp-socket = 127.0.0.1:0\n',
  });
  const server = startServer(t, [path.join(cwd, 'cats.ini'), '--http-socket', '127.0.0.1:0']);
  const stats = await server.ready();
  assert.equal(stats.name, 'cats');
  assert.equal(stats.workers.length, 2);
});

test('--stats alone takes tsuwsgi.ini of the folder, else the main of its package, and says so', async (t) => {
  const ini = makeFolder(t, {
    'app.mjs': HELLO,
    'tsuwsgi.ini': '[tsuwsgi]\nmodule = app.mjs\nhttp-socket = 127.0.0.1:0\n',
  });
  const first = startServer(t, [], { cwd: ini });
  await first.ready();
  assert.match(first.output, /^no --module: reading tsuwsgi\.ini$/m);

  const main = makeFolder(t, {
    'app.cjs': 'module.exports = (_q, r) => r.end();',
    'package.json': '{"main": "app.cjs"}',
  });
  const second = startServer(t, [], { cwd: main });
  await second.ready();
  assert.match(second.output, /^no --module: running app\.cjs, the "main" of package\.json$/m);

  const third = startServer(t, [], { cwd: makeFolder(t, {}) });
  assert.equal(await third.exited(), 1);
  assert.match(third.output, /there is nothing to run.*; type for example: tsuwsgi/);
});

test('a mistyped option is answered with the right one', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '--procesess', '2']);
  assert.equal(await server.exited(), 1);
  assert.match(server.output, /did you mean --processes\?/);
});

test("two Host headers, the talk's example, never reach the application", async (t) => {
  const server = startServer(t, ['--module', CATSERVE]);
  await server.ready();
  const port = await server.port();
  const answer = await raw(
    port,
    'GET / HTTP/1.1\r\nHost: catserve.io\r\nHost: catserve.biz\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n',
  );
  assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
  assert.match(answer, /more than one Host header/);
  assert.equal(answer.split('HTTP/1.1 ').length - 1, 1, 'what follows is not answered');
});

test("the request log has uWSGI's form, with the memory of the worker when asked", async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '--memory-report']);
  await server.ready();
  await get(await server.url('/cats?page=1'));
  await server.logged(
    new RegExp(
      '^\\{address space usage: \\d+ bytes/\\d+MB\\} \\{rss usage: \\d+ bytes/\\d+MB\\} ' +
        '\\[pid: \\d+\\|app: 0\\|req: 1/1\\] 127\\.0\\.0\\.1 \\(\\) \\{\\d+ vars in \\d+ bytes\\} ' +
        '\\[\\w{3} \\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}\\] GET /cats\\?page=1 => ' +
        'generated \\d+ bytes in \\d+ msecs \\(HTTP/1\\.1 200\\) \\d+ headers in \\d+ bytes ' +
        '\\(1 switches on core 0\\)$',
      'm',
    ),
  );
});

test('--disable-logging logs no request', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '--disable-logging']);
  await server.ready();
  await get(await server.url('/cats'));
  server.kill('SIGTERM');
  await server.exited();
  assert.doesNotMatch(server.output, /GET \/cats/);
});

test('handlers that the application installed itself win', async (t) => {
  const cwd = makeFolder(t, {
    'app.mjs': `process.on('uncaughtException', (error) => console.error('mine:', error.message));
      export default (_req, res) => { setImmediate(() => { throw new Error('later'); }); res.end(); };\n`,
  });
  const server = startServer(t, ['--module', 'app.mjs'], { cwd });
  const before = await server.ready();
  await get(await server.url());
  await server.logged(/^mine: later$/m);
  const after = await server.until('the count', ({ workers }) => workers[0]!.requests === 1);
  assert.equal(after.workers[0]!.pid, before.workers[0]!.pid);
  assert.equal(after.workers[0]!.exceptions, 0);
});

test('a module that listens and then throws is tried again, and held back', async (t) => {
  const cwd = makeFolder(t, {
    'app.mjs': `import http from 'node:http';
      http.createServer().listen(8000);
      throw new Error('after listen');\n`,
  });
  const server = startServer(t, ['--module', 'app.mjs'], { cwd });
  await server.logged(/after listen/);
  await server.logged(/the module had the socket when it failed/);
  await server.logged(/DAMN ! worker 1 .* died, exit code 1 :\( trying respawn in 0\.[45] seconds/);
});
