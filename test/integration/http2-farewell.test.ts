import assert from 'node:assert/strict';
import net from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { sayFarewell } from '../../server/router/farewell.js';
import { certificateProblem } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { fieldBlock, FLAG, FRAME, frame, FrameClient } from '../support/http2-frames.js';
import { type Behind, HeldServer } from '../support/router-rig.js';
import { connectTls, type SecureRig, startSecureRig } from '../support/secure-rig.js';

const HELLO: Behind = { handler: (_request, response) => response.end('hello') };

async function connect(t: TestContext, rig: SecureRig): Promise<FrameClient> {
  return new FrameClient(await connectTls(t, rig, { ALPNProtocols: ['h2'] }));
}

/** The last stream that each goodbye says is taken. */
function lastTaken({ frames }: FrameClient): readonly number[] {
  return frames
    .filter(({ type }) => type === FRAME.goaway)
    .map(({ payload }) => payload.readUInt32BE(0) & 0x7fff_ffff);
}

/** Streams that were answered to their end. */
function answered({ frames }: FrameClient): ReadonlySet<number> {
  const ended = frames.filter(
    ({ type, flags }) =>
      (type === FRAME.data || type === FRAME.headers) && (flags & FLAG.endStream) !== 0,
  );
  return new Set(ended.map(({ stream }) => stream));
}

/** Settles when a router's process would end. */
function farewell({ server, secure, router }: SecureRig): Promise<void> {
  return new Promise((resolve) => {
    sayFarewell([server, secure.server], router, { lingers: () => undefined, done: resolve });
  });
}

describe('the farewell over HTTP/2', { skip: certificateProblem() ?? false }, () => {
  test('all that a client asks on and on is answered, or named as not taken', async (t) => {
    const rig = await startSecureRig(t, [HELLO]);
    const client = await connect(t, rig);
    let asked = -1;
    const askOn = setInterval(() => {
      for (let each = 0; each < 5; each++) client.get((asked += 2));
    }, 1);
    t.after(() => {
      clearInterval(askOn);
    });
    await eventually('answers', () => answered(client).size > 10);
    await farewell(rig);
    clearInterval(askOn);
    const [last = 0] = lastTaken(client);
    assert.ok(asked > last, 'it asked on');
    const done = answered(client);
    for (let stream = 1; stream <= last; stream += 2) assert.ok(done.has(stream), `${stream}`);
  });

  test('what was taken is answered, however late, and what comes behind it is not', async (t) => {
    const held = new HeldServer();
    const rig = await startSecureRig(t, [held]);
    const client = await connect(t, rig);
    client.get(1);
    await eventually('the request', () => held.held.length === 1);
    const over = farewell(rig);
    await eventually('the goodbye', () => lastTaken(client).length === 1);
    client.get(3);
    client.send(frame(FRAME.ping, 0, 0, Buffer.alloc(8)));
    await eventually('the answer to what was sent behind it', () =>
      client.frames.some(({ type, flags }) => type === FRAME.ping && flags === FLAG.ack),
    );
    held.held[0]?.end('late');
    await over;
    assert.deepEqual(new Set(lastTaken(client)), new Set([1]));
    assert.deepEqual([...answered(client)], [1]);
    assert.equal(rig.router.figures().requests, 1);
  });

  test('whoever asks nothing at that moment gets one more answer, and goodbye with it', async (t) => {
    const rig = await startSecureRig(t, [HELLO]);
    const client = await connect(t, rig);
    client.get(1);
    await eventually('an answer', () => answered(client).has(1));
    const over = farewell(rig);
    client.get(3);
    await eventually('another one', () => answered(client).has(3));
    await over;
    assert.deepEqual(new Set(lastTaken(client)), new Set([3]));
  });

  test('neither a handshake nor a refused request without an end holds a router up', async (t) => {
    const rig = await startSecureRig(t, [HELLO]);
    const silent = net.connect(rig.securePort, '127.0.0.1');
    silent.on('error', () => undefined);
    t.after(() => silent.destroy());
    const client = await connect(t, rig);
    // No room is given for what it is told.
    client.send(frame(FRAME.settings, 0, 0, Buffer.from([0, 4, 0, 0, 0, 0])));
    const fields = fieldBlock([['host', 'another']]);
    client.send(frame(FRAME.headers, FLAG.endHeaders, 1, fields));
    await eventually('the refusal', () => rig.router.figures().refused.length === 1);
    await farewell(rig);
  });
});
