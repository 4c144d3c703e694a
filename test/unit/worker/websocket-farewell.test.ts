import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { prepareGoingAway } from '../../../server/worker/websocket-farewell.js';
import { connectRaw, get } from '../../support/accounted-server.js';
import { eventually } from '../../support/eventually.js';

/** A server whose one connection is prepared, then handed to `accept` as an application would. */
async function start(
  t: TestContext,
  accept: (request: http.IncomingMessage, socket: net.Socket, head: Buffer) => void,
) {
  const server = http.createServer();
  let goAway: () => void = () => undefined;
  server.on('upgrade', (request, socket, head: Buffer) => {
    assert.ok(socket instanceof net.Socket);
    goAway = prepareGoingAway(socket);
    accept(request, socket, head);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return {
    port: (server.address() as AddressInfo).port,
    goAway: () => {
      goAway();
    },
  };
}

function connect(t: TestContext, port: number): WebSocket {
  const client = new WebSocket(`ws://127.0.0.1:${port}/`);
  t.after(() => {
    client.terminate();
  });
  return client;
}

/** An application of `ws`; resolves with its end of the connection. */
function startWs(t: TestContext, perMessageDeflate = false) {
  const wss = new WebSocketServer({ noServer: true, perMessageDeflate });
  const accepted = new Promise<WebSocket>((resolve) => wss.on('connection', resolve));
  const started = start(t, (request, socket, head) => {
    wss.handleUpgrade(request, socket, head, (ws) => wss.emit('connection', ws, request));
  });
  return { started, accepted };
}

describe('a WebSocket whose server goes away', () => {
  test('is closed with 1001 on both sides, and its connection ends', async (t) => {
    const { started, accepted } = startWs(t);
    const { port, goAway } = await started;
    const client = connect(t, port);
    await once(client, 'open');
    const application = await accepted;
    const ended = [once(client, 'close'), once(application, 'close')];
    goAway();
    goAway();
    const [[seenByClient], [seenByApplication]] = (await Promise.all(ended)) as [
      [number],
      [number],
    ];
    assert.deepEqual([seenByClient, seenByApplication], [1001, 1001]);
  });

  for (const deflate of [false, true]) {
    test(`has every message before it ${deflate ? 'compressed and ' : ''}whole`, async (t) => {
      const { started, accepted } = startWs(t, deflate);
      const { port, goAway } = await started;
      const client = connect(t, port);
      const received: string[] = [];
      client.on('message', (data: Buffer) => received.push(data.toString()));
      await once(client, 'open');
      const application = await accepted;
      const large = 'x'.repeat(300_000);
      const sent = new Promise((resolve) => {
        application.send(large, resolve);
      });
      if (deflate) await sent;
      goAway();
      const [code] = (await once(client, 'close')) as [number];
      assert.deepEqual([code, received], [1001, [large]]);
    });
  }

  test('that is half-way through a frame gets the rest of it first', async (t) => {
    let half: net.Socket | undefined;
    const { port, goAway } = await start(t, (_request, socket) => {
      half = socket;
      // As a proxy, which hands on what it gets, wherever that is cut.
      socket.write(ANSWER);
      socket.write(Buffer.from([0x82, 4, 0x61, 0x62]));
    });
    const client = connectRaw(port, get('/', 'Connection: Upgrade', 'Upgrade: websocket'));
    await client.got(/ab$/);
    goAway();
    half?.write(Buffer.from([0x63, 0x64]));
    half?.end();
    const frames = (await client.closed()).slice(ANSWER.length);
    assert.equal(Buffer.from(frames, 'latin1').toString('hex'), '820461626364' + '880203e9');
  });

  test('that the application closes by itself gets its close frame and no other', async (t) => {
    const { started, accepted } = startWs(t);
    const { port, goAway } = await started;
    const client = connect(t, port);
    await once(client, 'open');
    (await accepted).close(4000, 'my own');
    goAway();
    const [code] = (await once(client, 'close')) as [number];
    assert.equal(code, 4000);
  });

  test('is told when its handshake is over, not before', async (t) => {
    let isAsked = false;
    let answer: () => void = () => undefined;
    const wss = new WebSocketServer({ noServer: true });
    const { port, goAway } = await start(t, (request, socket, head) => {
      answer = () => {
        wss.handleUpgrade(request, socket, head, () => undefined);
      };
      isAsked = true;
    });
    const client = connect(t, port);
    await eventually('the handshake', () => isAsked);
    goAway();
    answer();
    const [code] = (await once(client, 'close')) as [number];
    assert.equal(code, 1001);
  });
});

const ANSWER =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
