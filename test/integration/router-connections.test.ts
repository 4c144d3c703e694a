import assert from 'node:assert/strict';
import type http from 'node:http';
import { describe, test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { HeldServer, RawClient, startRouterRig } from '../support/router-rig.js';

/** Says what was asked, with the body. */
const mirror: http.RequestListener = (request, response) => {
  let body = '';
  request
    .setEncoding('latin1')
    .on('data', (text: string) => (body += text))
    .on('end', () => response.end(`<${request.method ?? ''} ${request.url ?? ''} ${body}>`));
};

const simple = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const upload = (path: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nmeow\r\n0\r\n\r\n`;

describe('a connection to the router', () => {
  test('goes on when a request comes that is not simple, and after that', async (t) => {
    const { port, router } = await startRouterRig(t, [{ handler: mirror }]);
    using client = new RawClient(port);
    const asked = [simple('/1'), simple('/2'), upload('/3'), simple('/4'), upload('/5')];
    for (const [index, request] of asked.entries()) {
      client.send(request);
      await eventually('the answer', () => client.received.includes(` /${index + 1} `));
    }
    assert.deepEqual(client.received.match(/<.*?>/g), [
      ...['<GET /1 >', '<GET /2 >', '<POST /3 meow>', '<GET /4 >', '<POST /5 meow>'],
    ]);
    const { requests, connections } = router.figures();
    assert.deepEqual([requests, connections], [5, 1]);
  });

  test('that brings requests before the last one is answered has all answered, in order', async (t) => {
    const behind = new HeldServer();
    const { port } = await startRouterRig(t, [behind]);
    using client = new RawClient(port).send(simple('/1'));
    await eventually('the first request', () => behind.held.length === 1);
    client.send(`${simple('/2')}GET /3 HTTP/1.1\r\nHo`);
    client.send(`st: a\r\n\r\n`);
    for (const number of [1, 2, 3]) {
      await eventually('a request', () => behind.held.length >= number);
      const response = behind.held[number - 1];
      response?.end(`<${response.req.url ?? ''}>`);
      await eventually('its answer', () => client.received.includes(`</${number}>`));
    }
    assert.deepEqual(client.received.match(/<.*?>/g), ['</1>', '</2>', '</3>']);
  });

  test('whose head comes byte by byte is served like any other', async (t) => {
    const { port } = await startRouterRig(t, [{ handler: mirror }]);
    using client = new RawClient(port);
    client.socket.setNoDelay();
    for (const byte of simple('/slow')) {
      await new Promise<void>((resolve) => {
        client.socket.write(byte, () => {
          resolve();
        });
      });
    }
    await eventually('the answer', () => client.received.includes('<GET /slow >'));
  });

  test('that is refused after simple requests is answered and closed', async (t) => {
    const { port, router } = await startRouterRig(t, [{ handler: mirror }]);
    using client = new RawClient(port).send(simple('/1'));
    await eventually('the answer', () => client.received.includes('<GET /1 >'));
    client.send('GET /2 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n');
    await eventually('the end', () => client.ending === 'end');
    assert.match(client.received, /HTTP\/1\.1 400 Bad Request\r\nConnection: close/);
    assert.deepEqual(router.figures().refused, [['duplicate_host', 1]]);
    assert.equal(router.figures().requests, 2);
  });

  test('says how long it is kept, and is closed when its client wants that', async (t) => {
    const { port } = await startRouterRig(t, [{ handler: mirror }], { keepAliveMs: 7_000 });
    using client = new RawClient(port).send(simple('/1'));
    await eventually('the answer', () => client.received.includes('<GET /1 >'));
    assert.match(client.received, /\r\nConnection: keep-alive\r\nKeep-Alive: timeout=7\r\n/);
    client.send('GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await eventually('the end', () => client.ending === 'end');
    assert.match(client.received, /\r\nConnection: close\r\n[^]*<GET \/2 >$/);
  });

  test('is closed without a word when nothing more is asked on it for too long', async (t) => {
    const { port, router } = await startRouterRig(t, [{ handler: mirror }], { keepAliveMs: 10 });
    using client = new RawClient(port).send(simple('/1'));
    await eventually('the end', () => client.ending === 'end');
    assert.match(client.received, /<GET \/1 >$/);
    await eventually('no connection', () => router.figures().connections === 0);
  });

  test('on which nothing was ever asked is answered 408', async (t) => {
    const { port, router } = await startRouterRig(t, [{ handler: mirror }], {
      headersTimeoutMs: 50,
    });
    using client = new RawClient(port);
    await eventually('the end', () => client.ending === 'end');
    assert.match(client.received, /^HTTP\/1\.1 408 Request Timeout\r\n/);
    assert.deepEqual(router.figures().refused, [['request_timeout', 1]]);
  });

  test('whose client leaves before the answer breaks the one to the worker', async (t) => {
    const behind = new HeldServer();
    const { port, router } = await startRouterRig(t, [behind]);
    using client = new RawClient(port).send(simple('/1'));
    await eventually('the request', () => behind.held.length === 1);
    client.socket.end();
    await eventually('the worker hears of it', () => behind.held[0]?.destroyed === true);
    await eventually('the count', () => router.figures().aborted === 1);
    assert.equal(router.figures().in_flight, 0);
  });

  test('that waits for a request is closed when the router leaves', async (t) => {
    const { port, router } = await startRouterRig(t, [{ handler: mirror }]);
    using used = new RawClient(port).send(simple('/1'));
    using fresh = new RawClient(port);
    await eventually('the answer', () => used.received.includes('<GET /1 >'));
    await eventually('both', () => router.figures().connections === 2);
    await router.drain();
    used.send(simple('/2'));
    await eventually('the last answer', () => used.received.includes('<GET /2 >'));
    assert.match(used.received, /\r\nConnection: close\r\n[^]*<GET \/2 >$/);
    router.closeIdle();
    await eventually('the ends', () => used.ending === 'end' && fresh.ending === 'end');
  });
});
