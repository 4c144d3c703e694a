import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { answerFailure, guardListeners } from '../../server/worker/guard.js';
import { rawRequest, statusOf } from '../support/raw-request.js';

/** A listener that may be async, as applications write them. */
type Handler = (req: http.IncomingMessage, res: http.ServerResponse) => unknown;

interface Guarded {
  readonly port: number;
  readonly server: http.Server;
  /** The messages of all failures. */
  readonly failures: string[];
}

async function serve(t: TestContext, listener?: Handler): Promise<Guarded> {
  const failures: string[] = [];
  const server = http.createServer();
  if (listener) server.on('request', listener);
  guardListeners(server, (error, req, res) => {
    assert.equal(res.req, req);
    failures.push(String(error));
    answerFailure(res);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close().closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, server, failures };
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const fail = (): never => {
  throw new Error('meow');
};

const FAILING: Readonly<Record<string, Handler>> = {
  'a throw': fail,
  'a rejection': () => Promise.reject(new Error('meow')),
  'a late rejection': async () => {
    await new Promise((resolve) => setImmediate(resolve));
    fail();
  },
  'a throw after headers were set': (_req, res) => {
    res.setHeader('Set-Cookie', 'secret=1').setHeader('Content-Length', 9999);
    res.statusCode = 201;
    res.statusMessage = 'Fine';
    fail();
  },
  'a throw where a middleware has replaced the methods': (_req, res) => {
    res.writeHead = fail;
    res.end = fail;
    fail();
  },
  'a thenable of its own kind': () => ({
    then: (_: unknown, reject: (error: Error) => void) => {
      reject(new Error('meow'));
    },
  }),
};

for (const [title, listener] of Object.entries(FAILING)) {
  test(`${title} is answered 500 without a trace of what the handler had set`, async (t) => {
    const { port, failures } = await serve(t, listener);
    const answer = await rawRequest(port, GET);
    assert.match(answer, /^HTTP\/1\.1 500 Internal Server Error\r\n/);
    assert.match(answer, /\r\nContent-Length: 22\r\n[^]*\r\n\r\nInternal Server Error\n$/);
    assert.doesNotMatch(answer, /secret|9999/);
    assert.deepEqual(failures, ['Error: meow']);
  });
}

test('a failure after half an answer closes the connection, so that the client knows', async (t) => {
  const { port, failures } = await serve(t, (_req, res) => {
    res.write('half');
    setImmediate(() => res.emit('poke'));
    return once(res, 'poke').then(fail);
  });
  const answer = await rawRequest(port, GET.replace('Connection: close\r\n', ''));
  assert.equal(statusOf(answer), 200);
  assert.doesNotMatch(answer, /\r\n0\r\n\r\n$|Internal/);
  assert.deepEqual(failures, ['Error: meow']);
});

test('a failure after a whole answer leaves it whole', async (t) => {
  const { port, failures } = await serve(t, (_req, res) => {
    res.end('all of it');
    fail();
  });
  assert.match(await rawRequest(port, GET), /\r\n\r\nall of it$/);
  assert.deepEqual(failures, ['Error: meow']);
});

test('a connection serves its next request after a 500, in order when pipelined', async (t) => {
  const { port } = await serve(t, (req, res) => {
    if (req.url === '/fail') fail();
    setImmediate(() => res.end(req.url));
  });
  const pipeline = ['/first', '/fail', '/last'].map((url) => `GET ${url} HTTP/1.1\r\nHost: a\r\n`);
  const answer = await rawRequest(port, `${pipeline.join('\r\n')}Connection: close\r\n\r\n`);
  assert.deepEqual(answer.match(/HTTP\/1\.1 \d+/g), [
    'HTTP/1.1 200',
    'HTTP/1.1 500',
    'HTTP/1.1 200',
  ]);
  assert.match(answer, /\/first[^]*Internal Server Error[^]*\/last/);
});

test('two failing listeners of one request are one failure, and the second is called', async (t) => {
  let called = 0;
  const { port, server, failures } = await serve(t, fail);
  server.on('request', () => {
    called++;
    throw new Error('again');
  });
  assert.equal(statusOf(await rawRequest(port, GET)), 500);
  assert.deepEqual([failures, called], [['Error: meow'], 1]);
});

test('listeners added later are guarded, seen and removed as they were given', async (t) => {
  const { port, server, failures } = await serve(t, fail);
  assert.deepEqual(server.listeners('request'), [fail]);
  server.off('request', fail);
  assert.equal(server.listenerCount('request'), 0);
  const selves: unknown[] = [];
  const answer: http.RequestListener = function (this: unknown, _req, res) {
    selves.push(this);
    res.end('answered');
  };
  server.once('request', fail);
  assert.equal(statusOf(await rawRequest(port, GET)), 500);
  assert.equal(server.listenerCount('request'), 0, 'once is once');
  server.on('request', answer);
  assert.match(await rawRequest(port, GET), /answered$/);
  assert.deepEqual([selves.length, selves[0] === server], [1, true]);
  assert.deepEqual(failures, ['Error: meow']);
});

test('checkContinue and checkExpectation are guarded; other events are left alone', async (t) => {
  const { port, server } = await serve(t);
  server.on('checkContinue', fail).on('checkExpectation', fail);
  const expecting = (what: string): string =>
    GET.replace('GET', 'POST').replace(
      '\r\n\r\n',
      `\r\nExpect: ${what}\r\nContent-Length: 0\r\n\r\n`,
    );
  assert.equal(statusOf(await rawRequest(port, expecting('100-continue'))), 500);
  assert.equal(statusOf(await rawRequest(port, expecting('a-miracle'))), 500);
  server.on('cats', fail);
  assert.throws(() => server.emit('cats'), /meow/);
});

test('a patched emit of the prototype, as tracing agents install it, still sees each request', async (t) => {
  const { prototype } = http.Server;
  const seen: unknown[] = [];
  Object.defineProperty(prototype, 'emit', {
    configurable: true,
    value(this: http.Server, event: string, ...args: unknown[]) {
      seen.push(event);
      return EventEmitter.prototype.emit.call(this, event, ...args);
    },
  });
  t.after(() => Reflect.deleteProperty(prototype, 'emit'));
  const { port } = await serve(t, fail);
  assert.equal(statusOf(await rawRequest(port, GET)), 500);
  assert.ok(seen.includes('request'));
});
