import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type http from 'node:http';
import http2, { type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import type { Duplex } from 'node:stream';
import { describe, test, type TestContext } from 'node:test';
import { WebSocketServer } from 'ws';
import { certificateProblem } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { ask } from '../support/http2.js';
import type { Behind } from '../support/router-rig.js';
import { type SecureRig, startSecureRig } from '../support/secure-rig.js';
import { settled } from '../support/settled.js';

/** What flow control, the kernel and Node hold of a stream that nobody reads; no more. */
const MOST_IN_BETWEEN = 24 * 1024 * 1024;
const LARGE = 64 * 1024 * 1024;

/** A worker that switches, and what it does with the connection then. */
function switching(use: (socket: Duplex, request: http.IncomingMessage) => void): Behind {
  return {
    handler: (_request, response) => response.end('no WebSocket'),
    prepare: (server) => {
      server.on('upgrade', (request: http.IncomingMessage, socket: Duplex) => {
        const key = `${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
        socket.on('error', () => undefined);
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
            `Sec-WebSocket-Accept: ${createHash('sha1').update(key).digest('base64')}\r\n\r\n`,
        );
        use(socket, request);
      });
    },
  };
}

async function open(
  t: TestContext,
  rig: SecureRig,
  more: http2.OutgoingHttpHeaders = {},
): Promise<{ readonly stream: ClientHttp2Stream; readonly headers: IncomingHttpHeaders }> {
  const session = rig.connect();
  if (session.connecting) await once(session, 'remoteSettings');
  assert.equal(session.remoteSettings.enableConnectProtocol, true);
  const stream = session.request({
    ...{ ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/socket' },
    ...{ 'sec-websocket-version': '13', ...more },
  });
  t.after(() => stream.destroy());
  stream.on('error', () => undefined);
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  return { stream, headers };
}

/** A short text as a client sends it: masked, here with nothing. */
function textFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}

/** All that comes until the end, which leaves the other direction as it is. */
async function textOf(stream: Duplex): Promise<string> {
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(stream, 'end');
  return text;
}

const upgraded = (rig: SecureRig): number => rig.router.figures().upgraded;

describe('WebSocket over HTTP/2 (RFC 8441)', { skip: certificateProblem() ?? false }, () => {
  test('is one over HTTP/1.1 for the worker, and counted as other upgrades are', async (t) => {
    const seen: http.IncomingMessage[] = [];
    const behind: Behind = {
      handler: (_request, response) => response.end('no WebSocket'),
      prepare: (server) => {
        const sockets = new WebSocketServer({ server, handleProtocols: () => 'purr' });
        sockets.on('connection', (socket, request) => {
          seen.push(request);
          socket.on('message', (data: Buffer) => {
            socket.send(`echo ${data.toString()}`);
          });
        });
      },
    };
    const rig = await startSecureRig(t, [behind]);
    const { stream, headers } = await open(t, rig, { 'sec-websocket-protocol': 'meow, purr' });
    assert.equal(headers[':status'], 200);
    assert.equal(headers['sec-websocket-protocol'], 'purr');
    for (const name of ['sec-websocket-accept', 'upgrade', 'connection']) {
      assert.equal(headers[name], undefined, name);
    }
    const [request] = seen;
    assert.deepEqual([request?.method, request?.url], ['GET', '/socket']);
    assert.equal(request?.headers['x-forwarded-proto'], 'https');
    stream.write(textFrame('mochi'));
    const [answer] = (await once(stream, 'data')) as [Buffer];
    assert.equal(answer.subarray(2).toString(), 'echo mochi');
    assert.equal(upgraded(rig), 1);
    stream.end();
    await eventually('the end of the tunnel', () => upgraded(rig) === 0);
    const { requests, in_flight, aborted } = rig.router.figures();
    assert.deepEqual([requests, in_flight, aborted], [1, 0, 0]);
  });

  test('the end of either direction leaves the other open', async (t) => {
    const workers: Duplex[] = [];
    const rig = await startSecureRig(t, [switching((socket) => workers.push(socket))]);
    const { stream } = await open(t, rig);
    const [worker] = workers;
    assert.ok(worker);
    stream.end('last words');
    assert.equal(await textOf(worker), 'last words');
    worker.write('still ');
    worker.end('here');
    assert.equal(await textOf(stream), 'still here');
    await eventually('the end of the tunnel', () => upgraded(rig) === 0);
    assert.equal(stream.rstCode, http2.constants.NGHTTP2_NO_ERROR);
  });

  test('a stream that is reset breaks the connection to the worker, and the session serves on', async (t) => {
    const workers: Duplex[] = [];
    const rig = await startSecureRig(t, [switching((socket) => workers.push(socket.resume()))]);
    const { stream } = await open(t, rig);
    const { session } = stream;
    assert.ok(session !== undefined);
    const gone = once(workers[0]!, 'end');
    stream.close(http2.constants.NGHTTP2_CANCEL);
    await gone;
    await eventually('the end of the tunnel', () => upgraded(rig) === 0);
    assert.equal((await ask(session as http2.ClientHttp2Session, {})).status, 200);
  });

  test('a connection that breaks at the worker is CANCEL for the client', async (t) => {
    const workers: Duplex[] = [];
    const rig = await startSecureRig(t, [switching((socket) => workers.push(socket))]);
    const { stream } = await open(t, rig);
    workers[0]?.destroy();
    // Until something is written the end of a connection may be the end of one direction.
    await eventually('the end of the stream', () => {
      if (!stream.closed) stream.write('anyone?');
      return stream.resume().closed;
    });
    assert.equal(stream.rstCode, http2.constants.NGHTTP2_CANCEL);
    await eventually('the end of the tunnel', () => upgraded(rig) === 0);
  });

  test('a connection that breaks at the client breaks the one to the worker', async (t) => {
    const workers: Duplex[] = [];
    const rig = await startSecureRig(t, [switching((socket) => workers.push(socket.resume()))]);
    const { stream } = await open(t, rig);
    const gone = once(workers[0]!, 'end');
    stream.session?.destroy();
    await gone;
    await eventually('the end of the tunnel', () => upgraded(rig) === 0);
  });

  test('whoever does not read stops the other from writing, in both directions', async (t) => {
    const workers: Duplex[] = [];
    let written = 0;
    const fill = (to: Duplex, wrote: (bytes: number) => void): void => {
      let left = LARGE;
      const block = Buffer.alloc(64 * 1024);
      const more = (): void => {
        while (left > 0) {
          left -= block.length;
          wrote(block.length);
          if (!to.write(block)) return;
        }
        to.end();
      };
      to.on('drain', more);
      more();
    };
    const behind = switching((socket) => {
      workers.push(socket.pause());
      fill(socket, (bytes) => (written += bytes));
    });
    const rig = await startSecureRig(t, [behind]);
    const { stream } = await open(t, rig);
    let sent = 0;
    fill(stream, (bytes) => (sent += bytes));
    await settled(() => written);
    await settled(() => sent);
    assert.ok(written < MOST_IN_BETWEEN, `${written} bytes were written to nobody`);
    assert.ok(sent < MOST_IN_BETWEEN, `${sent} bytes were sent to nobody`);
    const count = async (from: Duplex): Promise<number> => {
      let bytes = 0;
      from.on('data', (chunk: Buffer) => (bytes += chunk.length)).resume();
      await once(from, 'end');
      return bytes;
    };
    assert.deepEqual(await Promise.all([count(stream), count(workers[0]!)]), [LARGE, LARGE]);
  });

  test('a worker that does not switch is no WebSocket, whatever it answers', async (t) => {
    const behind: Behind = {
      handler: (_request, response) => response.end(),
      prepare: (server) => {
        server.on('upgrade', ({ url }: http.IncomingMessage, socket: Duplex) => {
          if (url === '/gone') socket.destroy();
          else socket.end(`HTTP/1.1 ${url?.slice(1) ?? ''} No\r\nContent-Length: 2\r\n\r\nno`);
        });
      },
    };
    const rig = await startSecureRig(t, [behind]);
    for (const [path, status] of [
      ['/200', 501],
      ['/403', 403],
      ['/gone', 502],
    ] as const) {
      const { stream, headers } = await open(t, rig, { ':path': path });
      assert.equal(headers[':status'], status);
      await once(stream.resume(), 'close');
    }
    await eventually('nothing in flight', () => rig.router.figures().in_flight === 0);
    assert.equal(upgraded(rig), 0);
  });

  test('nothing else is tunnelled: other protocols and plain CONNECT are 501', async (t) => {
    const rig = await startSecureRig(t, [switching(() => undefined)]);
    const { headers } = await open(t, rig, { ':protocol': 'connect-udp' });
    assert.equal(headers[':status'], 501);
    const plain = rig.connect().request({ ':method': 'CONNECT', ':authority': 'a:1' });
    const [answer] = (await once(plain, 'response')) as [IncomingHttpHeaders];
    assert.equal(answer[':status'], 501);
    plain.destroy();
    assert.deepEqual(rig.router.figures().refused, [['connect', 2]]);
  });

  test('a router that drains waits for it to end', async (t) => {
    const rig = await startSecureRig(t, [switching((socket) => socket.pipe(socket))]);
    const { stream } = await open(t, rig);
    let isDrained = false;
    const drained = rig.router.drain().then(() => (isDrained = true));
    stream.write('meow');
    assert.equal(String((await once(stream, 'data'))[0]), 'meow');
    assert.equal(isDrained, false);
    stream.end();
    await drained;
  });
});
