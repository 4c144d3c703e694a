import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, test, type TestContext } from 'node:test';
import { connectionSink } from '../../../server/logging/sinks/connection-sink.js';
import { MOST_WAITING, type Sink } from '../../../server/logging/sinks/sink.js';
import { streamSink } from '../../../server/logging/sinks/stream-sink.js';
import { udpSink } from '../../../server/logging/sinks/udp-sink.js';
import { bareLine, journalHeader, journalLine } from '../../../server/logging/syslog.js';
import { eventually } from '../../support/eventually.js';
import { makeFolder } from '../../support/folder.js';

/** Nothing is wrong with the sink. */
function nothingToTell(line: string): void {
  throw new Error(line);
}

function say(sink: Sink, text: string): void {
  const data = Buffer.from(`${text}\n`);
  sink.write({ data, lines: text.split('\n').length, severity: 'warn', at: 0 });
}

/** A server that keeps what it is sent, on `at`. */
async function listen(t: TestContext, at: string | number): Promise<net.Server & { text: string }> {
  const sockets: net.Socket[] = [];
  const server = Object.assign(
    net.createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.setEncoding('utf8').on('data', (text: string) => (server.text += text));
    }),
    { text: '' },
  );
  server.listen(at);
  await once(server, 'listening');
  const close = server.close.bind(server);
  server.close = (...rest) => {
    for (const socket of sockets) socket.destroy();
    return close(...rest);
  };
  t.after(() => server.close());
  return server;
}

describe('a logger on the network', () => {
  test('sends a datagram a line', async (t) => {
    const receiver = createSocket('udp4').bind(0, '127.0.0.1');
    t.after(() => receiver.close());
    await once(receiver, 'listening');
    const heard: string[] = [];
    receiver.on('message', (message) => heard.push(String(message)));
    const target = { host: '127.0.0.1', port: receiver.address().port, framing: bareLine };
    const sink = udpSink('socket:x', target, nothingToTell);
    say(sink, 'one\ntwo');
    await eventually('both datagrams', () => heard.length === 2);
    assert.deepEqual(heard, ['one', 'two']);
    await sink.close();
    assert.deepEqual(sink.counts(), { lines: 2, bytes: 6, dropped: 0 });
  });

  test('counts what is refused, says so once, and holds nobody up', async () => {
    const told: string[] = [];
    // A port that was free a moment ago may be somebody's by now; nobody has this one.
    const target = { host: '127.0.0.1', port: 1, framing: bareLine };
    const sink = udpSink('socket:x', target, (line) => told.push(line));
    await eventually('a refusal', () => {
      say(sink, 'nobody');
      return sink.counts().dropped > 0;
    });
    assert.match(told[0] ?? '', /^socket:x: .*ECONNREFUSED; what does not arrive is dropped$/);
    await sink.close();
  });

  test('speaks the protocol of journald, and begins each connection with its header', async (t) => {
    const at = path.join(makeFolder(t, {}), 'stdout');
    const server = await listen(t, at);
    const target = { to: { path: at }, header: journalHeader('app'), framing: journalLine };
    const sink = connectionSink('syslog:app', target, nothingToTell);
    say(sink, 'one\ntwo');
    await sink.close();
    await eventually('the lines', () => server.text === 'app\n\n6\n1\n0\n0\n0\n<4>one\n<4>two\n');
  });

  test('connects again when its receiver is back, with what waited', async (t) => {
    const first = await listen(t, 0);
    const { port } = first.address() as net.AddressInfo;
    const told: string[] = [];
    const to = { host: '127.0.0.1', port };
    const target = { to, header: null, framing: (line: string) => Buffer.from(`${line}\n`) };
    const sink = connectionSink('syslog-tcp:x', target, (line) => told.push(line));
    say(sink, 'first');
    await eventually('the first line', () => first.text === 'first\n');
    first.close();
    await eventually('the loss', () => told.length === 1);
    say(sink, 'meanwhile');
    const big = 'x'.repeat(MOST_WAITING / 8);
    for (let index = 0; index < 9; index++) say(sink, big);
    assert.equal(sink.counts().dropped, 2);
    const second = await listen(t, port);
    await eventually('what waited', () => second.text.length > 7 * big.length);
    assert.ok(second.text.startsWith('meanwhile\nxxx'));
    await eventually('what is told of it', () =>
      told.includes('syslog-tcp:x: 2 lines were dropped'),
    );
    await sink.close();
  });
});

describe('a logger on a pipe', () => {
  test('drops and counts what a slow reader has no room for, and tells him when he reads on', async () => {
    const pipe = new PassThrough({ highWaterMark: 1 });
    const told: string[] = [];
    const sink = streamSink('stdio', pipe, (line) => told.push(line));
    const big = 'x'.repeat(MOST_WAITING / 16 - 1);
    for (let index = 0; index < 40; index++) say(sink, big);
    const { dropped } = sink.counts();
    assert.ok(dropped > 20 && dropped < 30, String(dropped));
    let bytes = 0;
    pipe.on('data', (piece: Buffer) => (bytes += piece.length));
    await eventually('the rest', () => bytes === ((40 - dropped) * MOST_WAITING) / 16);
    await eventually('what is told', () => told.length === 1);
    assert.equal(told[0], `stdio: ${dropped} lines were dropped: its reader is slow`);
  });

  test('goes on without its reader when that is gone', async () => {
    const pipe = new PassThrough();
    const told: string[] = [];
    const sink = streamSink('stdio', pipe, (line) => told.push(line));
    pipe.destroy(new Error('write EPIPE'));
    await eventually('what is told', () => told.length === 1);
    say(sink, 'to nobody');
    assert.equal(sink.counts().dropped, 1);
    await sink.close();
  });
});
