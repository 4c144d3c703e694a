import assert from 'node:assert/strict';
import type http from 'node:http';
import type net from 'node:net';
import { describe, test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { get } from '../support/http.js';
import {
  type Behind,
  HeldServer,
  listenBehind,
  RawClient,
  startRouterRig,
} from '../support/router-rig.js';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

const named = (name: string): Behind => ({
  handler: (request, response) => {
    request.resume();
    response.end(name);
  },
});

/** Reads a request, then breaks off before any byte of an answer. */
const breaksOff: Behind = {
  raw: (socket) => socket.once('data', () => socket.destroy()),
};

function post(port: number, extra = ''): RawClient {
  return new RawClient(port).send(
    `POST / HTTP/1.1\r\nHost: a\r\n${extra}Content-Length: 3\r\n\r\nabc`,
  );
}

describe('the dispatch of the router', () => {
  test('requests go to the worker with the fewest in flight, among equals in turn', async (t) => {
    const [one, two] = [new HeldServer(), new HeldServer()];
    const { port, router } = await startRouterRig(t, [one, two]);
    using a = new RawClient(port);
    a.send(GET);
    await eventually('the first', () => one.held.length === 1);
    using b = new RawClient(port);
    b.send(GET);
    await eventually('the second', () => two.held.length === 1);
    two.held[0]?.end();
    await eventually('its end', () => router.figures().in_flight === 1);
    using c = new RawClient(port);
    c.send(GET);
    await eventually('the third', () => two.held.length === 2);
    assert.deepEqual(
      router.figures().backends.map(({ in_flight, requests }) => [in_flight, requests]),
      [
        [1, 1],
        [1, 2],
      ],
    );
  });

  test('above the cap requests wait in order, and above the queue they get 503', async (t) => {
    const held = new HeldServer();
    const { port, router } = await startRouterRig(t, [held], { async: 1, queue: 2 });
    using first = new RawClient(port).send(GET);
    await eventually('the first', () => held.held.length === 1);
    using second = new RawClient(port).send(GET);
    await eventually('the second waits', () => router.figures().queued === 1);
    using third = new RawClient(port).send(GET);
    await eventually('the third waits', () => router.figures().queued === 2);
    using fourth = new RawClient(port).send(GET);
    await eventually('the fourth is turned away', () => fourth.ending === 'end');
    assert.match(fourth.received, /^HTTP\/1.1 503 .*\r\n(?:.*\r\n)*Retry-After: 1\r\n/);
    assert.match(fourth.received, /\r\nConnection: close\r\n/);
    held.held[0]?.end('1');
    await eventually('the second', () => held.held.length === 2);
    held.held[1]?.end('2');
    await eventually(
      'the answers',
      () => first.received.endsWith('1') && second.received.endsWith('2'),
    );
    await eventually('the third', () => held.held.length === 3);
    held.held[2]?.end('3');
    await eventually('the last answer', () => third.received.endsWith('3'));
    const { queue_max, answered_by_router, queued } = router.figures();
    assert.deepEqual([queue_max, answered_by_router['503'], queued], [2, 1, 0]);
  });

  test('a client that leaves the queue is never asked for', async (t) => {
    const held = new HeldServer();
    const { port, router } = await startRouterRig(t, [held], { async: 1 });
    using first = new RawClient(port);
    first.send(GET);
    await eventually('the first', () => held.held.length === 1);
    const second = new RawClient(port).send(GET);
    await eventually('the second waits', () => router.figures().queued === 1);
    second.socket.destroy();
    await eventually('it left', () => router.figures().queued === 0);
    held.held[0]?.end();
    await eventually('nothing in flight', () => router.figures().in_flight === 0);
    assert.equal(held.held.length, 1);
    assert.equal(router.figures().aborted, 1);
  });

  test('while nobody accepts a request waits, and is served by who comes', async (t) => {
    const rig = await startRouterRig(t, [named('ok')]);
    rig.router.backends(rig.list.map((each) => ({ ...each, accepting: false })));
    const answer = get(rig.url);
    await eventually('it waits', () => rig.router.figures().queued === 1);
    rig.router.backends(rig.list);
    assert.equal((await answer).body, 'ok');
  });

  test('when nobody accepts for the connect timeout, who waits and who comes gets 503', async (t) => {
    const { router, url } = await startRouterRig(t, [], { connectTimeoutMs: 80 });
    assert.equal((await get(url)).status, 503);
    assert.equal((await get(url)).status, 503);
    assert.equal(router.figures().answered_by_router['503'], 2);
  });

  test('what a worker that is left out still has runs on to its end', async (t) => {
    const held = new HeldServer();
    const { port, router } = await startRouterRig(t, [held]);
    using client = new RawClient(port).send(GET);
    await eventually('the request', () => held.held.length === 1);
    router.backends([]);
    held.held[0]?.end('late');
    await eventually('the answer', () => client.received.endsWith('late'));
  });
});

describe('a worker that fails the router', () => {
  test('a request without effect is asked once more, of another worker', async (t) => {
    const { url, router } = await startRouterRig(t, [breaksOff, named('other')]);
    assert.equal((await get(url)).body, 'other');
    const { retries, backends } = router.figures();
    assert.equal(retries, 1);
    assert.deepEqual(
      backends.map(({ errors }) => errors),
      [1, 0],
    );
  });

  test('not twice: two that break off are 502', async (t) => {
    const { url, router } = await startRouterRig(t, [breaksOff, breaksOff, named('third')]);
    assert.equal((await get(url)).status, 502);
    assert.equal(router.figures().retries, 1);
  });

  test('a POST is not asked again: 502 and the end of the connection', async (t) => {
    const { port, router } = await startRouterRig(t, [breaksOff, named('other')]);
    using client = post(port);
    await eventually('the answer', () => client.ending === 'end');
    assert.match(client.received, /^HTTP\/1.1 502 /);
    assert.equal(router.figures().retries, 0);
  });

  test('a POST that could not be sent at all is', async (t) => {
    const { port, list, router } = await startRouterRig(t, [named('gone'), named('other')]);
    const [first, second] = list;
    router.backends([{ ...first!, path: `${first!.path}.missing` }, second!]);
    using client = post(port);
    await eventually('the answer', () => client.received.endsWith('other'));
    assert.equal(router.figures().retries, 1);
  });

  test('an answer that breaks off breaks the connection, and is never a clean end', async (t) => {
    const heads = [
      'Content-Length: 10\r\n\r\npart',
      'Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n',
    ];
    for (const head of heads) {
      const { port } = await startRouterRig(t, [
        {
          raw: (socket) => {
            socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${head}`));
          },
        },
      ]);
      for (const version of ['1.0', '1.1']) {
        using client = new RawClient(port).send(`GET / HTTP/${version}\r\nHost: a\r\n\r\n`);
        await eventually('the end', () => client.ending !== null);
        assert.equal(client.ending, 'reset', `${head} to HTTP/${version}`);
      }
    }
  });

  test('an answer that can be read in two ways is 502', async (t) => {
    const faulty = [
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'HTTP/1.1 200 OK\nContent-Length: 0\n\n\r\n\r\n',
      'HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n',
      'HTTP/2 200\r\n\r\n',
      'SSH-2.0-OpenSSH\r\n\r\n',
    ];
    for (const bytes of faulty) {
      const { port } = await startRouterRig(t, [
        { raw: (socket) => socket.once('data', () => socket.write(bytes, 'latin1')) },
      ]);
      using client = post(port);
      await eventually(`the end after ${bytes}`, () => client.ending === 'end');
      assert.match(client.received, /^HTTP\/1.1 502 /);
    }
  });

  test('what comes behind an answer is never taken for the next one', async (t) => {
    let made = 0;
    const { url } = await startRouterRig(t, [
      {
        raw: (socket: net.Socket) => {
          made++;
          const own = `HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${made}`;
          socket.once('data', () =>
            socket.write(`${own}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`),
          );
        },
      },
    ]);
    assert.equal((await get(url)).body, '1');
    assert.equal((await get(url)).body, '2');
  });

  test('an idle connection that a worker closed costs no request, a POST neither', async (t) => {
    const { url, port, list, router } = await startRouterRig(t, [named('unused')]);
    const [first] = list;
    const socketPath = `${first!.path}.own`;
    const stop = await listenBehind(t, named('old'), socketPath);
    router.backends([{ ...first!, path: socketPath }]);
    assert.equal((await get(url)).body, 'old');
    stop();
    await listenBehind(t, named('new'), socketPath);
    using client = post(port, 'Connection: close\r\n');
    await eventually('an answer', () => client.ending === 'end');
    assert.match(client.received, /\r\n\r\nnew$/);
  });

  test('another generation of a worker is asked on new connections', async (t) => {
    let made = 0;
    const behind = {
      ...named('ok'),
      prepare: (server: http.Server) => server.on('connection', () => made++),
    };
    const { url, router, list } = await startRouterRig(t, [behind]);
    await get(url);
    router.backends(list.map((each) => ({ ...each, generation: 2 })));
    await get(url);
    assert.equal(made, 2);
  });
});
