import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { test } from 'node:test';
import { publicAddress } from '../support/public-address.js';
import { smallDocument } from '../support/small-document.js';
import { converse, dial, listenSilently, readAll, startRig, until } from '../support/stats-rig.js';

const REQUEST = 'GET /stats HTTP/1.1\r\nHost: localhost\r\n\r\n';
const LAST_REQUEST = 'GET /stats HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

/** A document that no socket buffer holds. */
const huge = () => ({ ...smallDocument(1), cwd: 'x'.repeat(16_000_000) });

function bodyOf(response: string): unknown {
  return JSON.parse(response.slice(response.indexOf('\r\n\r\n') + 4));
}

test('a client that says nothing gets the document and then the end', async (t) => {
  const rig = await startRig(t, { waitMs: 20 });
  const text = await listenSilently(t, { port: rig.port });
  assert.deepEqual(JSON.parse(text), rig.document());
});

test('a client that closes its side without a word is answered at once', async (t) => {
  const rig = await startRig(t, { waitMs: 3_600_000 });
  assert.deepEqual(JSON.parse(await converse(t, { port: rig.port })), rig.document());
});

test('--stats-wait 0 answers raw at once, also to a client that speaks', async (t) => {
  const rig = await startRig(t, { waitMs: 0 });
  assert.deepEqual(JSON.parse(await converse(t, { port: rig.port }, REQUEST)), rig.document());
});

test('a request that comes after the wait does not spoil the raw document', async (t) => {
  const rig = await startRig(t, { waitMs: 1 });
  rig.show({ ...rig.document(), cwd: 'x'.repeat(300_000) });
  const socket = await dial(t, { port: rig.port });
  await once(socket, 'readable');
  socket.write(REQUEST);
  assert.deepEqual(JSON.parse(await readAll(socket)), rig.document());
});

test('the newest document is served to every reader', async (t) => {
  const rig = await startRig(t);
  rig.show(smallDocument(3, 2000));
  assert.deepEqual(JSON.parse(await converse(t, { port: rig.port })), smallDocument(3, 2000));
  const response = await converse(t, { port: rig.port }, LAST_REQUEST);
  assert.deepEqual(bodyOf(response), smallDocument(3, 2000));
});

test('one HTTP connection serves many requests', async (t) => {
  const rig = await startRig(t);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => {
    agent.destroy();
  });
  const ports = new Set<number | undefined>();
  for (let count = 0; count < 5; count++) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = get({ port: rig.port, path: '/stats', agent }, (response) => {
        ports.add(request.socket?.localPort);
        response.resume().on('end', () => {
          resolve(response.statusCode);
        });
      });
      request.on('error', reject);
    });
    assert.equal(status, 200);
  }
  assert.equal(ports.size, 1);
});

test('pipelined requests are answered in order', async (t) => {
  const rig = await startRig(t);
  const head = 'HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const missing = 'GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const text = await converse(t, { port: rig.port }, head + missing + REQUEST + LAST_REQUEST);
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1]);
  assert.deepEqual(statuses, ['200', '404', '200', '200']);
});

test('HEAD tells the length and sends no body', async (t) => {
  const rig = await startRig(t);
  const text = await converse(
    t,
    { port: rig.port },
    'HEAD /stats HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  );
  const length = Buffer.byteLength(JSON.stringify(rig.document(), null, '\t'));
  assert.match(text, new RegExp(`Content-Length: ${length}\r\n`));
  assert.ok(text.endsWith('\r\n\r\n'));
});

test('a request that comes byte by byte is understood', async (t) => {
  const rig = await startRig(t);
  const socket = await dial(t, { port: rig.port, noDelay: true });
  const answer = readAll(socket);
  for (const byte of LAST_REQUEST) {
    socket.write(byte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(bodyOf(await answer), rig.document());
});

test('garbage is answered 400', async (t) => {
  const rig = await startRig(t);
  assert.match(await converse(t, { port: rig.port }, '\x16\x03\x01\x02\x00'), /^HTTP\/1\.1 400 /);
});

test('half a head is cut at its deadline, and others are answered meanwhile', async (t) => {
  const rig = await startRig(t, { limits: { headTimeoutMs: 200 } });
  const slow = converse(t, { port: rig.port }, 'GET /stats HTTP/1.1\r\nHost: loc');
  assert.deepEqual(JSON.parse(await converse(t, { port: rig.port })), rig.document());
  assert.match(await slow, /^HTTP\/1\.1 408 /);
});

for (const [title, words, status] of [
  ['a foreign Host (DNS rebinding)', 'GET / HTTP/1.1\r\nHost: evil.example\r\n', 421],
  ['two Hosts', 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n', 400],
  ['no Host', 'GET / HTTP/1.1\r\n', 400],
  ['no Host in HTTP/1.0', 'GET / HTTP/1.0\r\n', 200],
  ['the machine itself under an allowed name', 'GET / HTTP/1.1\r\nHost: cats.example\r\n', 200],
  ['an offer of HTTP/2', 'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\n', 200],
  ['a POST', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n', 405],
  ['/live without an upgrade', 'GET /live HTTP/1.1\r\nHost: localhost\r\n', 426],
] as const) {
  test(`a request with ${title} is answered ${status}`, async (t) => {
    const rig = await startRig(t, { allowHosts: ['cats.example'] });
    const connection = title.includes('HTTP/2') ? 'Connection: Upgrade' : 'Connection: close';
    const text = await converse(t, { port: rig.port }, `${words}${connection}\r\n\r\n`);
    assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} `));
  });
}

test('--stats-http gives silence nothing, and lets nobody wait for it', async (t) => {
  const rig = await startRig(t, { http: true, waitMs: 1, limits: { httpWaitMs: 2000 } });
  const silent = listenSilently(t, { port: rig.port });
  const response = await converse(t, { port: rig.port }, LAST_REQUEST);
  assert.deepEqual(bodyOf(response), rig.document());
  assert.equal(await silent, '');
});

test('two hundred readers of all kinds at once all get the document', async (t) => {
  const rig = await startRig(t);
  const text = JSON.stringify(rig.document(), null, '\t');
  const read = async (index: number) =>
    (await converse(t, { port: rig.port }, index % 2 === 0 ? '' : LAST_REQUEST)).endsWith(text);
  const all = await Promise.all(Array.from({ length: 200 }, (_, index) => read(index)));
  assert.ok(all.every(Boolean));
});

for (const [kind, words] of [
  ['raw', ''],
  ['HTTP', REQUEST],
] as const) {
  test(`a ${kind} client that never reads delays nobody and is cut at its deadline`, async (t) => {
    const rig = await startRig(t, { limits: { rawDeadlineMs: 1000, responseDeadlineMs: 1000 } });
    rig.show(huge());
    const stuck = await dial(t, { port: rig.port, allowHalfOpen: true });
    stuck.pause();
    if (words === '') stuck.end();
    else stuck.write(words);
    await once(stuck, 'readable');
    rig.show(smallDocument(2));
    assert.deepEqual(JSON.parse(await converse(t, { port: rig.port })), rig.document());
    await until(() => rig.server.clients() === 0);
    const taken = (await readAll(stuck)).length;
    assert.ok(taken < 16_000_000, `${taken} bytes`);
  });
}

test('a silent reader that takes nothing is closed long before its deadline', async (t) => {
  const rig = await startRig(t, { limits: { rawStalledMs: 100, rawDeadlineMs: 3_600_000 } });
  rig.show(huge());
  const stuck = await dial(t, { port: rig.port, allowHalfOpen: true });
  stuck.pause();
  stuck.end();
  await once(stuck, 'readable');
  await until(() => rig.server.clients() === 0);
});

test('a peer from elsewhere has so many connections, and loopback has no such limit', async (t) => {
  const limits = { maxPerPeer: 2 };
  const near = await startRig(t, { waitMs: 3_600_000, limits });
  for (let count = 0; count < 5; count++) await dial(t, { port: near.port });
  await until(() => near.server.clients() === 5);
  const host = publicAddress();
  if (host === null) return;
  const far = await startRig(t, { addresses: [`${host}:0`], waitMs: 3_600_000, limits });
  const [first, second] = [
    await dial(t, { host, port: far.port }),
    await dial(t, { host, port: far.port }),
  ];
  assert.equal(await listenSilently(t, { host, port: far.port }), '', 'the third is closed');
  first.destroy();
  await until(() => far.server.clients() === 1);
  const third = await dial(t, { host, port: far.port });
  await until(() => far.server.clients() === 2);
  assert.ok(!second.destroyed && !third.destroyed);
});

test('above the limit the oldest silent client makes room', async (t) => {
  const rig = await startRig(t, { waitMs: 3_600_000, limits: { maxConnections: 2 } });
  const first = listenSilently(t, { port: rig.port });
  await converse(t, { port: rig.port }, LAST_REQUEST);
  await dial(t, { port: rig.port });
  const response = await converse(t, { port: rig.port }, LAST_REQUEST);
  assert.deepEqual(bodyOf(response), rig.document());
  assert.equal(await first, '');
});

test('idle keep-alive connections do not keep new clients out for ever', async (t) => {
  const rig = await startRig(t, { limits: { maxConnections: 2 } });
  for (let count = 0; count < 2; count++) {
    const idle = await dial(t, { port: rig.port });
    idle.write(REQUEST);
    await once(idle, 'data');
    idle.resume();
  }
  assert.equal(await converse(t, { port: rig.port }, LAST_REQUEST), '');
  await until(() => rig.server.clients() === 0);
  assert.match(await converse(t, { port: rig.port }, LAST_REQUEST), /^HTTP\/1\.1 200 /);
});
