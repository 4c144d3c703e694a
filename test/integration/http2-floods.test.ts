import assert from 'node:assert/strict';
import { constants } from 'node:http2';
import { describe, test, type TestContext } from 'node:test';
import { certificateProblem } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { ask } from '../support/http2.js';
import { FLAG, FRAME, fieldBlock, frame, FrameClient } from '../support/http2-frames.js';
import { type Behind, HeldServer } from '../support/router-rig.js';
import { connectTls, type SecureRig, startSecureRig } from '../support/secure-rig.js';

const skip = certificateProblem() ?? false;

const HELLO: Behind = { handler: (_request, response) => response.end('hello') };

async function attacker(t: TestContext, rig: SecureRig): Promise<FrameClient> {
  return new FrameClient(await connectTls(t, rig, { ALPNProtocols: ['h2'] }));
}

/** Sends bytes on and on until the server ends the connection, or `limit` times. */
async function flood(client: FrameClient, limit: number, make: (n: number) => Buffer) {
  let sent = 0;
  while (!client.isClosed && client.goodbye === undefined && sent < limit) {
    const frames: Buffer[] = [];
    for (let i = 0; i < 100; i++) frames.push(make(sent++));
    client.send(...frames);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return sent;
}

/** The attacker is gone, everybody else is served, and nothing is left. */
async function assertUnharmed(rig: SecureRig, client: FrameClient): Promise<void> {
  await eventually('the end of the attacker', () => client.isClosed);
  assert.equal((await ask(rig.connect(), {})).status, 200);
  await eventually('nothing in flight', () => rig.router.figures().in_flight === 0);
}

const reset = (stream: number): Buffer => frame(FRAME.reset, 0, stream, Buffer.from([0, 0, 0, 8]));

describe('floods of HTTP/2', { skip }, () => {
  test('resets on and on (CVE-2023-44487): the client is told to be calm, our own budget', async (t) => {
    const rig = await startSecureRig(t, [HELLO]);
    const client = await attacker(t, rig);
    const sent = await flood(client, 20_000, (n) => {
      const stream = 2 * n + 1;
      const open = frame(FRAME.headers, FLAG.endStream | FLAG.endHeaders, stream, fieldBlock());
      return Buffer.concat([open, reset(stream)]);
    });
    assert.ok(sent < 5000, `${sent} were taken`);
    assert.equal(client.goodbye, constants.NGHTTP2_ENHANCE_YOUR_CALM);
    assert.deepEqual(rig.router.figures().refused, [['rapid_reset', 1]]);
    assert.ok(rig.router.figures().requests < 1000);
    await assertUnharmed(rig, client);
  });

  test('more streams than are allowed are refused, those before them served', async (t) => {
    const held = new HeldServer();
    const rig = await startSecureRig(t, [held], { queue: 1000 });
    const client = await attacker(t, rig);
    // It has not acknowledged the server's SETTINGS: it may not know the limit yet.
    for (let n = 0; n < 110; n++) client.get(2 * n + 1);
    await eventually('the refusals', () => {
      const refused = client.frames.filter(({ type }) => type === FRAME.reset);
      return refused.length === 10 && held.held.length === 100;
    });
    const codes = client.frames.filter(({ type }) => type === FRAME.reset);
    assert.ok(codes.every(({ payload }) => payload[3] === constants.NGHTTP2_REFUSED_STREAM));
    client.socket.destroy();
    await eventually('nothing in flight', () => rig.router.figures().in_flight === 0);
  });

  test('CONTINUATION without an end: nghttp2 ends the connection', async (t) => {
    const rig = await startSecureRig(t, [HELLO]);
    const client = await attacker(t, rig);
    client.send(frame(FRAME.headers, FLAG.endStream, 1, fieldBlock()));
    const part = frame(FRAME.continuation, 0, 1, fieldBlock([['x', 'a'.repeat(100)]]).subarray(6));
    const sent = await flood(client, 20_000, () => part);
    assert.ok(sent < 5000, `${sent} were taken`);
    assert.equal(rig.router.figures().requests, 0);
    await assertUnharmed(rig, client);
  });

  test('a head that never ends is given up after the time for heads', async (t) => {
    const rig = await startSecureRig(t, [HELLO], { headersTimeoutMs: 200, keepAliveMs: 200 });
    const client = await attacker(t, rig);
    client.send(frame(FRAME.headers, FLAG.endStream, 1, fieldBlock()));
    await assertUnharmed(rig, client);
  });

  for (const [what, bytes] of [
    ['SETTINGS', frame(FRAME.settings, 0, 0)],
    ['PING', frame(FRAME.ping, 0, 0, Buffer.alloc(8))],
  ] as const) {
    test(`${what} on and on: the client is told to be calm, our own budget`, async (t) => {
      const rig = await startSecureRig(t, [HELLO]);
      const client = await attacker(t, rig);
      const sent = await flood(client, 20_000, () => bytes);
      assert.ok(sent < 5000, `${sent} were taken`);
      assert.equal(client.goodbye, constants.NGHTTP2_ENHANCE_YOUR_CALM);
      assert.deepEqual(rig.router.figures().refused, [['control_flood', 1]]);
      await assertUnharmed(rig, client);
    });
  }

  test('DATA without data, on and on: Node ends the connection', async (t) => {
    const rig = await startSecureRig(t, [
      { handler: (request, response) => request.resume().on('end', () => response.end()) },
    ]);
    const client = await attacker(t, rig);
    client.send(frame(FRAME.headers, FLAG.endHeaders, 1, fieldBlock()));
    const sent = await flood(client, 20_000, () => frame(FRAME.data, 0, 1));
    assert.ok(sent < 5000, `${sent} were taken`);
    await assertUnharmed(rig, client);
  });

  test('an endless list of fields is answered 431, or breaks its stream', async (t) => {
    const rig = await startSecureRig(t, [HELLO]);
    const session = rig.connect();
    assert.equal((await ask(session, { 'x-a': 'a'.repeat(20_000) })).status, 431);
    await assert.rejects(ask(session, { 'x-a': 'a'.repeat(70_000) }));
    assert.equal((await ask(rig.connect(), {})).status, 200);
  });

  test('fields that would be two in HTTP/1.1 never reach a worker', async (t) => {
    const seen: string[] = [];
    const rig = await startSecureRig(t, [
      {
        handler: (request, response) => {
          seen.push(...request.rawHeaders);
          response.end();
        },
      },
    ]);
    const forged = [
      ['x', 'a\r\nx-forged: 1'],
      ['x', 'a\nx-forged: 1'],
      ['x\r\nx-forged', '1'],
      ['x: a\r\nx-forged', '1'],
      ['x-forged ', '1'],
      ['X-Forged', '1'],
      ['transfer-encoding', 'chunked'],
      ['connection', 'x-forged'],
      ['upgrade', 'x-forged'],
      ['keep-alive', 'x-forged'],
      ['te', 'x-forged'],
      ['x', 'a\0x-forged'],
    ] as const;
    for (const field of forged) {
      const client = await attacker(t, rig);
      client.get(1, [field]);
      await eventually(`an end of ${JSON.stringify(field)}`, () =>
        client.frames.some(({ stream }) => stream === 1),
      );
      client.socket.destroy();
    }
    assert.doesNotMatch(seen.join('\n'), /forged|chunked/i);
  });

  test('a length that the body does not have never makes a request of its own', async (t) => {
    const seen: string[] = [];
    const rig = await startSecureRig(t, [
      {
        handler: (request, response) => {
          seen.push(request.url ?? '');
          request.resume();
          response.end();
        },
      },
    ]);
    for (const length of ['0', '1', '100', '3, 3', '-1', '+3', '0x3']) {
      const client = await attacker(t, rig);
      const smuggled = Buffer.from('GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n');
      client.send(
        frame(FRAME.headers, FLAG.endHeaders, 1, fieldBlock([['content-length', length]])),
        frame(FRAME.data, FLAG.endStream, 1, smuggled),
      );
      // Since nghttp2 1.70 (Node 24) it is the end of the connection, before that one of the stream.
      await eventually(
        `an end of ${length}`,
        () =>
          client.isClosed ||
          client.frames.some(({ stream, type }) => stream === 1 && type !== FRAME.windowUpdate),
      );
      client.socket.destroy();
    }
    await eventually('nothing in flight', () => rig.router.figures().in_flight === 0);
    assert.equal(seen.includes('/smuggled'), false);
  });
});
