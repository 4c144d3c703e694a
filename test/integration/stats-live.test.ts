import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { PROTOCOL_VERSION, type ServerMessage } from '../../shared/protocol.js';
import { isFields } from '../../shared/fields.js';
import { openLive, type LiveClient } from '../support/live-client.js';
import { smallDocument, smallWorker } from '../support/small-document.js';
import { BOOT_ID, dial, startRig, until } from '../support/stats-rig.js';

const live = (address: string) => `ws://${address}/live`;

const timeOf = (client: LiveClient): unknown => {
  const document = client.document();
  return isFields(document) ? document['time'] : null;
};

/** What the client was sent of documents, without their content. */
const numbers = (received: readonly ServerMessage[]) =>
  received.flatMap((message) => ('seq' in message ? [message.seq] : []));

test('the stream says hello, then sends the whole document', async (t) => {
  const rig = await startRig(t);
  const client = await openLive(t, live(rig.address));
  const { nonce, ...hello } = client.hello;
  assert.match(nonce, /^[0-9a-f]{64}$/);
  assert.deepEqual(hello, {
    type: 'hello',
    protocol: PROTOCOL_VERSION,
    version: '9.9.9',
    boot_id: BOOT_ID,
    control: null,
  });
  assert.deepEqual(await client.take('snapshot'), {
    type: 'snapshot',
    seq: 1,
    stats: rig.document(),
  });
});

test('after any number of changes the stream is equal to the document, without a gap', async (t) => {
  const rig = await startRig(t);
  const client = await openLive(t, live(rig.address));
  client.send({ type: 'subscribe', interval_ms: 100 });
  for (let change = 1; change <= 10; change++) {
    const workers = Array.from({ length: change % 4 }, (_, id) => ({
      ...smallWorker(id + 1),
      requests: change * 10 + id,
    }));
    rig.show({ ...smallDocument(0, 1000 + change), workers });
    await client.take('delta');
  }
  await until(() => numbers(client.received).length > 12);
  assert.deepEqual(client.document(), JSON.parse(JSON.stringify(rig.document())));
  const seen = numbers(client.received);
  assert.deepEqual(
    seen,
    seen.map((_, index) => index + 1),
  );
});

test('a delta comes with every beat, so that silence means trouble', async (t) => {
  const rig = await startRig(t);
  const client = await openLive(t, live(rig.address));
  client.send({ type: 'subscribe', interval_ms: 100 });
  assert.equal((await client.take('delta')).delta, null);
  assert.equal((await client.take('delta')).delta, null);
});

test('a resync brings the whole document with the next number', async (t) => {
  const rig = await startRig(t);
  const client = await openLive(t, live(rig.address));
  client.send({ type: 'subscribe', interval_ms: 60_000 });
  await client.take('snapshot');
  rig.show(smallDocument(5, 2000));
  client.send({ type: 'resync' });
  const { seq, stats } = await client.take('snapshot');
  assert.equal(seq, numbers(client.received).at(-1));
  assert.deepEqual(stats, smallDocument(5, 2000));
});

test('the stream works on a unix socket', async (t) => {
  const rig = await startRig(t, (folder) => ({ addresses: [`${folder}/s.sock`] }));
  const client = await openLive(t, `ws+unix:${rig.address}:/live`);
  assert.equal(client.hello.control, null);
  assert.deepEqual((await client.take('snapshot')).stats, rig.document());
});

test('a page of another site is refused with 403, a foreign Host with 421', async (t) => {
  const rig = await startRig(t);
  await assert.rejects(openLive(t, live(rig.address), { origin: 'http://evil.example' }), /403/);
  const headers = { Host: 'evil.example' };
  await assert.rejects(openLive(t, live(rig.address), { headers }), /421/);
});

test('a WebSocket elsewhere than at /live is not found', async (t) => {
  const rig = await startRig(t);
  await assert.rejects(openLive(t, `ws://${rig.address}/`), /404/);
});

test('bad messages are answered, and only many of them end the connection', async (t) => {
  const rig = await startRig(t, { limits: { maxBadMessages: 3 } });
  const client = await openLive(t, live(rig.address));
  client.socket.send('not JSON');
  client.socket.send(Buffer.from([1, 2, 3]));
  for (let count = 0; count < 2; count++) {
    const { id, ok, code } = await client.take('reply');
    assert.deepEqual({ id, ok, code }, { id: 0, ok: false, code: 'bad-message' });
  }
  assert.equal(client.socket.readyState, client.socket.OPEN);
  client.socket.send('{"type":"surprise"}');
  assert.equal(await client.closed, 1008);
});

test('a message above the limit closes the connection with the code for it', async (t) => {
  const rig = await startRig(t, { limits: { maxMessageBytes: 1000 } });
  const client = await openLive(t, live(rig.address));
  client.socket.send('x'.repeat(1001));
  assert.equal(await client.closed, 1009);
});

test('a client that sends too much is cut', async (t) => {
  const rig = await startRig(t, { limits: { maxMessagesPerSecond: 20 } });
  const client = await openLive(t, live(rig.address));
  for (let count = 0; count < 200; count++) client.send({ type: 'resync' });
  assert.equal(await client.closed, 1008);
});

test('a slow client is led straight to the newest document, and holds up nobody', async (t) => {
  const rig = await startRig(t);
  const large = (time: number) => ({ ...smallDocument(1, time), cwd: `${time}`.repeat(2_000_000) });
  rig.show(large(1001));
  const slow = await openLive(t, live(rig.address));
  slow.send({ type: 'subscribe', interval_ms: 100 });
  await slow.take('delta');
  slow.socket.pause();
  const quick = await openLive(t, live(rig.address));
  quick.send({ type: 'subscribe', interval_ms: 100 });
  for (let time = 1002; time <= 1006; time++) {
    rig.show(large(time));
    await until(() => timeOf(quick) === time);
  }
  slow.socket.resume();
  await until(() => timeOf(slow) === 1006);
  const whole = slow.received.filter((message) => JSON.stringify(message).length > 1_000_000);
  assert.ok(whole.length < 6, `${whole.length} large messages were kept for it`);
  const seen = numbers(slow.received);
  assert.deepEqual(
    seen,
    seen.map((_, index) => index + 1),
  );
});

test('a client that leaves its documents unread is cut in the end', async (t) => {
  const rig = await startRig(t, { limits: { stalledMs: 300 } });
  const stuck = await openLive(t, live(rig.address));
  stuck.send({ type: 'subscribe', interval_ms: 100 });
  await stuck.take('delta');
  stuck.socket.pause();
  rig.show({ ...smallDocument(1), cwd: 'x'.repeat(16_000_000) });
  await until(() => rig.server.clients() === 0);
});

test('a client that asks without reading the answers is cut', async (t) => {
  const rig = await startRig(t, {
    limits: { maxBufferedBytes: 1_000_000, maxMessagesPerSecond: 1_000_000 },
  });
  rig.show({ ...smallDocument(1), cwd: 'x'.repeat(16_000_000) });
  const client = await openLive(t, live(rig.address));
  client.socket.pause();
  const asking = setInterval(() => {
    client.send({ type: 'resync' });
  }, 20);
  t.after(() => {
    clearInterval(asking);
  });
  await until(() => rig.server.clients() === 0);
});

test('a client that answers no ping is cut, one that does is kept', async (t) => {
  const rig = await startRig(t, { limits: { heartbeatMs: 500 } });
  const dead = await openLive(t, live(rig.address), { autoPong: false });
  const alive = await openLive(t, live(rig.address));
  assert.equal(await dead.closed, 1006);
  await once(alive.socket, 'ping');
  await once(alive.socket, 'ping');
  assert.equal(alive.socket.readyState, alive.socket.OPEN);
});

test('a frame that breaks the protocol closes the connection only', async (t) => {
  const rig = await startRig(t);
  const socket = await dial(t, { port: rig.port });
  socket.write(
    'GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await once(socket, 'data');
  socket.resume().write(Buffer.from([0xff, 0xff, 0xff]));
  await until(() => rig.server.clients() === 0);
  assert.ok(await openLive(t, live(rig.address)));
});

test('closing the server tells live clients that it goes', async (t) => {
  const rig = await startRig(t);
  const client = await openLive(t, live(rig.address));
  await rig.server.close();
  assert.equal(await client.closed, 1001);
  assert.equal(rig.server.clients(), 0);
});
