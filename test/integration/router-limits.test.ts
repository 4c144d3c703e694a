import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { get } from '../support/http.js';
import { type Behind, HeldServer, RawClient, startRouterRig } from '../support/router-rig.js';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

const ok: Behind = {
  handler: (request, response) => {
    request.resume();
    response.end('ok');
  },
};

describe('the time limits of the router', () => {
  test('a worker that does not answer in time is 504, and its connection is given up', async (t) => {
    const held = new HeldServer();
    const { url, router } = await startRouterRig(t, [held], { timeoutMs: 100 });
    assert.equal((await get(url)).status, 504);
    assert.equal(router.figures().answered_by_router['504'], 1);
    await eventually('the worker hears of it', () => held.held[0]?.closed);
    assert.equal(router.figures().backends[0]?.in_flight, 0);
  });

  test('an answer that stops on its way breaks the connection', async (t) => {
    const { port } = await startRouterRig(
      t,
      [{ handler: (_, response) => void response.write('part') }],
      { timeoutMs: 100 },
    );
    using client = new RawClient(port).send(GET);
    await eventually('the end', () => client.ending === 'reset');
    assert.match(client.received, /part/);
  });

  test('a client that stops sending its body gets 408', async (t) => {
    const { port } = await startRouterRig(t, [new HeldServer()], {
      timeoutMs: 100,
    });
    using client = new RawClient(port).send(
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc',
    );
    await eventually('the answer', () => client.ending === 'end');
    assert.match(client.received, /^HTTP\/1.1 408 /);
  });

  test('a client that does not end its head in time gets 408', async (t) => {
    const { port } = await startRouterRig(t, [ok], { headersTimeoutMs: 100 });
    using client = new RawClient(port).send('GET / HTTP/1.1\r\nHost: a\r\n');
    await eventually('the answer', () => client.ending === 'end');
    assert.match(client.received, /^HTTP\/1.1 408 /);
  });

  test('a body that makes progress may take longer than the limit', async (t) => {
    const { port } = await startRouterRig(
      t,
      [
        {
          handler: (request, response) => {
            let length = 0;
            request.on('data', (chunk: Buffer) => (length += chunk.length));
            request.on('end', () => response.end(`${length} bytes`));
          },
        },
      ],
      { timeoutMs: 600 },
    );
    using client = new RawClient(port).send(
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\n',
    );
    const start = performance.now();
    let sent = 0;
    await eventually('a second', () => {
      const due = Math.floor((performance.now() - start) / 125);
      for (; sent < Math.min(due, 8); sent++) client.send('x');
      return sent === 8;
    });
    await eventually('the answer', () => client.received.endsWith('8 bytes'));
  });

  test('an idle client is let go after the keep-alive time', async (t) => {
    const { port } = await startRouterRig(t, [ok], { keepAliveMs: 100 });
    using client = new RawClient(port).send(GET);
    await eventually('the end', () => client.ending === 'end');
    assert.match(client.received, /ok$/);
  });
});

describe('clients that leave the router', () => {
  test('the worker hears of it, and has a place again', async (t) => {
    const held = new HeldServer();
    const { port, router } = await startRouterRig(t, [held]);
    const client = new RawClient(port).send(GET);
    await eventually('the request', () => held.held.length === 1);
    client.socket.destroy();
    await eventually('the worker hears of it', () => held.held[0]?.closed);
    assert.equal(held.held[0]?.writableFinished, false);
    await eventually('the place', () => router.figures().backends[0]?.in_flight === 0);
    assert.equal(router.figures().aborted, 1);
  });

  test('in the middle of an upload, the worker sees no end of the body', async (t) => {
    const seen: string[] = [];
    const { port } = await startRouterRig(t, [
      {
        handler: (request) => {
          request.on('error', () => seen.push('broken')).on('end', () => seen.push('complete'));
          request.on('data', () => seen.push('data'));
        },
      },
    ]);
    for (const framing of ['Content-Length: 9', 'Transfer-Encoding: chunked']) {
      seen.length = 0;
      const client = new RawClient(port).send(
        `POST / HTTP/1.1\r\nHost: a\r\n${framing}\r\n\r\n3\r\nabc\r\n`,
      );
      await eventually('the part', () => seen.includes('data'));
      client.socket.destroy();
      await eventually('the break', () => seen.includes('broken'));
      assert.ok(!seen.includes('complete'), framing);
    }
  });

  test('a drain ends when the last answer was taken, and answers close until then', async (t) => {
    const held = new HeldServer();
    const { port, router } = await startRouterRig(t, [held]);
    using client = new RawClient(port).send(GET);
    await eventually('the request', () => held.held.length === 1);
    let isDrained = false;
    const drained = router.drain().then(() => (isDrained = true));
    await eventually('a turn', () => true);
    assert.equal(isDrained, false);
    held.held[0]?.end('bye');
    await drained;
    await eventually('the end', () => client.ending === 'end');
    assert.match(client.received, /\r\nConnection: close\r\n[^]*bye$/);
  });
});
