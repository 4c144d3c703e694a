import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { WebSocket, WebSocketServer } from 'ws';
import { eventually } from '../support/eventually.js';
import { settled } from '../support/settled.js';
import { RawClient, startRouterRig } from '../support/router-rig.js';

/** What the kernel and Node hold of a stream that nobody reads: sockets of both sides, no more. */
const MOST_IN_BETWEEN = 24 * 1024 * 1024;
const LARGE = 128 * 1024 * 1024;

const digest = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('hex');

describe('bodies through the router', () => {
  test('arrive as they were sent in both directions, however they are cut', async (t) => {
    const { port } = await startRouterRig(t, [
      {
        handler: (request, response) => {
          if (request.url === '/length') {
            response.writeHead(200, { 'Content-Length': request.headers['x-length'] });
          }
          request.pipe(response);
        },
      },
    ]);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    t.after(() => {
      agent.destroy();
    });
    const ask = async (chunks: readonly Uint8Array[], isChunked: boolean): Promise<void> => {
      const sent = Buffer.concat(chunks);
      const request = http.request({
        ...{ port, agent, method: 'POST', path: isChunked ? '/' : '/length' },
        headers: {
          'X-Length': sent.length,
          ...(isChunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': sent.length }),
        },
      });
      for (const chunk of chunks) request.write(chunk);
      request.end();
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      const got: Buffer[] = [];
      for await (const chunk of response) got.push(chunk as Buffer);
      assert.equal(digest(Buffer.concat(got)), digest(sent));
    };
    const chunk = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 200_000 }).map((length) => new Uint8Array(length).fill(length)),
    );
    await fc.assert(fc.asyncProperty(fc.array(chunk, { maxLength: 8 }), fc.boolean(), ask), {
      numRuns: 60,
    });
  });

  test('a client that does not read stops the worker from writing', async (t) => {
    let written = 0;
    let isStopped = false;
    const { port } = await startRouterRig(t, [
      {
        handler: (_, response) => {
          const block = Buffer.alloc(65_536);
          const more = (): void => {
            while (written < LARGE) {
              written += block.length;
              if (!response.write(block)) {
                isStopped = true;
                response.once('drain', more);
                return;
              }
            }
            response.end();
          };
          response.writeHead(200, { 'Content-Length': LARGE });
          more();
        },
      },
    ]);
    const socket = net.connect(port, '127.0.0.1').pause();
    t.after(() => {
      socket.destroy();
    });
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await settled(() => written);
    assert.ok(isStopped);
    assert.ok(written < MOST_IN_BETWEEN, `${written} bytes were written to nobody`);
    let received = 0;
    socket.on('data', (chunk: Buffer) => (received += chunk.length)).resume();
    await once(socket, 'end');
    assert.ok(received > LARGE);
  });

  test('a worker that does not read stops the client from sending', async (t) => {
    let request: http.IncomingMessage | null = null;
    const { port } = await startRouterRig(t, [
      {
        handler: (asked, response) => {
          request = asked.pause();
          asked.on('end', () => response.end('all'));
        },
      },
    ]);
    let sent = 0;
    const block = Buffer.alloc(65_536);
    using client = new RawClient(port).send(
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${LARGE}\r\n\r\n`,
    );
    const more = (): void => {
      while (sent < LARGE) {
        sent += block.length;
        if (!client.socket.write(block)) return;
      }
    };
    client.socket.on('drain', more);
    more();
    await eventually('the request', () => request);
    await settled(() => sent);
    assert.ok(sent < MOST_IN_BETWEEN, `${sent} bytes were sent to nobody`);
    request!.resume();
    await eventually('the answer', () => client.received.endsWith('all'));
    assert.equal(sent, LARGE);
  });
});

describe('tunnels through the router', () => {
  test('a WebSocket echoes large and small messages and closes with its code', async (t) => {
    const sockets = new WebSocketServer({ noServer: true });
    const { port, router } = await startRouterRig(t, [
      {
        handler: (_, response) => response.end(),
        prepare: (server) =>
          server.on('upgrade', (request, socket, head) => {
            sockets.handleUpgrade(request, socket, head, (client) => {
              client.on('message', (data: Buffer, isBinary) => {
                client.send(data, { binary: isBinary });
              });
            });
          }),
      },
    ]);
    const client = new WebSocket(`ws://127.0.0.1:${port}/chat`, 'one');
    await once(client, 'open');
    assert.equal(router.figures().upgraded, 1);
    assert.equal(router.figures().in_flight, 0);
    for (const length of [1, 70_000, 3_000_000]) {
      client.send(Buffer.alloc(length, 7));
      const [data] = (await once(client, 'message')) as [Buffer];
      assert.deepEqual([data.length, data[length - 1]], [length, 7]);
    }
    client.close(4001, 'enough');
    const [code] = (await once(client, 'close')) as [number];
    assert.equal(code, 4001);
    await eventually('its end', () => router.figures().upgraded === 0);
  });

  test('what comes before the switch arrives after it, and each side ends by itself', async (t) => {
    const { port, router } = await startRouterRig(t, [
      {
        raw: (socket) => {
          let text = '';
          socket.setEncoding('latin1').on('data', (more: string) => {
            text += more;
            if (text.endsWith('\r\n\r\n')) {
              assert.match(text, /\r\nConnection: Upgrade\r\nUpgrade: own\r\n/);
              socket.write('HTTP/1.1 101 Own\r\nUpgrade: own\r\nConnection: upgrade\r\n\r\nhello');
            } else if (text.endsWith('early')) {
              socket.write(' early too');
            }
          });
          socket.on('end', () => socket.end('after the end'));
        },
      },
    ]);
    using client = new RawClient(port).send(
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: own\r\n\r\nearly',
    );
    await eventually('the switch', () => client.received.endsWith('early too'));
    assert.match(client.received, /^HTTP\/1.1 101 Own\r\nConnection: Upgrade\r\nUpgrade: own\r\n/);
    client.socket.end();
    await eventually('the end', () => client.ending === 'end');
    assert.match(client.received, /hello early tooafter the end$/);
    await eventually('the count', () => router.figures().upgraded === 0);
  });

  test('a worker that does not switch answers, and the connection is closed', async (t) => {
    const { port, router } = await startRouterRig(t, [
      { handler: (_, response) => response.writeHead(404).end('x'.repeat(500_000)) },
    ]);
    using client = new RawClient(port).send(
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    await eventually('the end', () => client.ending === 'end');
    assert.match(client.received, /^HTTP\/1.1 404 Not Found\r\n/);
    assert.equal(client.received.match(/x/g)?.length, 500_000);
    await eventually('nothing in flight', () => router.figures().in_flight === 0);
  });

  test('a worker that switches unasked is 502', async (t) => {
    const { port } = await startRouterRig(t, [
      { raw: (socket) => socket.once('data', () => socket.write('HTTP/1.1 101 Oops\r\n\r\n')) },
    ]);
    using client = new RawClient(port).send('POST / HTTP/1.1\r\nHost: a\r\n\r\n');
    await eventually('the end', () => client.ending === 'end');
    assert.match(client.received, /^HTTP\/1.1 502 /);
  });

  test('a break of one end breaks the other', async (t) => {
    const ends: net.Socket[] = [];
    const { port } = await startRouterRig(t, [
      {
        raw: (socket) => {
          ends.push(socket);
          socket.once('data', () => socket.write('HTTP/1.1 101 Own\r\nUpgrade: own\r\n\r\n'));
        },
      },
    ]);
    const head = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: own\r\n\r\n';
    using one = new RawClient(port).send(head);
    await eventually('the switch', () => one.received.includes('101'));
    one.socket.resetAndDestroy();
    await eventually('the end at the worker', () => ends[0]?.readableEnded);
    using two = new RawClient(port).send(head);
    await eventually('the switch', () => two.received.includes('101'));
    ends[1]?.destroy();
    await eventually('the end at the client', () => two.ending !== null);
  });

  test('an offer of HTTP/2 in the clear is ignored, with a body too, and the connection goes on', async (t) => {
    const { port, router } = await startRouterRig(t, [{ handler: tellsUpgrade }]);
    using client = new RawClient(port).send(`GET /1 ${OFFER}\r\n`);
    await eventually('the first answer', () => client.received.includes('GET /1 none ""'));
    client.send(`POST /2 ${OFFER}Content-Length: 3\r\n\r\nab`);
    await eventually('the second request', () => router.figures().in_flight === 1);
    client.send('cPUT /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await eventually('the end', () => client.ending === 'end');
    assert.match(client.received, /POST \/2 none "abc"[^]*PUT \/3 none ""$/);
    assert.equal(router.figures().requests, 3);
  });

  test('an upgrade with a body is refused', async (t) => {
    const { port } = await startRouterRig(t, [{ handler: tellsUpgrade }]);
    const text = `POST / ${OFFER.replace('h2c', 'cats')}Content-Length: 3\r\n\r\nabc`;
    using client = new RawClient(port).send(text);
    await eventually('the end', () => client.ending === 'end');
    assert.match(client.received, /^HTTP\/1.1 400 /);
  });

  test('CONNECT is refused', async (t) => {
    const { port } = await startRouterRig(t, []);
    using client = new RawClient(port).send('CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n');
    await eventually('the end', () => client.ending === 'end');
    assert.match(client.received, /^HTTP\/1.1 501 /);
  });
});

/** What Java's client sends with the first request of a connection. */
const OFFER =
  'HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n';

const tellsUpgrade: http.RequestListener = (request, response) => {
  let body = '';
  request.setEncoding('latin1').on('data', (text: string) => (body += text));
  request.on('end', () => {
    const { method = '', url = '', headers } = request;
    response.end(`${method} ${url} ${headers.upgrade ?? 'none'} ${JSON.stringify(body)}`);
  });
};
