import assert from 'node:assert/strict';
import { chmodSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readSecret } from '../../server/control/secret-file.js';
import type { KeyFile, Role } from '../../shared/protocol.js';
import { get } from '../support/http.js';
import { openLive, type LiveClient } from '../support/live-client.js';
import { prove } from '../support/proof.js';
import { publicAddress } from '../support/public-address.js';
import {
  BOOT_ID,
  converse,
  listenSilently,
  startRig,
  temporaryFolder,
  until,
  type StatsRig,
} from '../support/stats-rig.js';
import { fetchOnce } from '../../top/client/once.js';
import { ClientLog, target } from '../support/client-log.js';
import type { StatsServerOptions } from '../../server/stats/stats-server.js';

const reload = { type: 'command', id: 1, command: { name: 'reload' } } as const;
const uid = process.geteuid?.() ?? 0;

async function secretRig(t: TestContext, options: Partial<StatsServerOptions> = {}) {
  const rig = await startRig(t, (folder) => ({ secret: join(folder, 'read.key'), ...options }));
  const token = readFileSync(join(rig.folder, 'read.key'), 'latin1').trim();
  return { rig, token };
}

function prover(rig: StatsRig, client: LiveClient) {
  return (key: string, role: Role) => {
    const challenge = { bootId: BOOT_ID, serverNonce: client.hello.nonce, address: rig.address };
    client.send(prove(Buffer.from(key, 'hex'), { ...challenge, role }));
    return client.take('authorised');
  };
}

function operateKey(rig: StatsRig): string {
  const text = readFileSync(join(rig.keys, `${BOOT_ID}.key`), 'utf8');
  return (JSON.parse(text) as KeyFile).key;
}

function ask(t: TestContext, rig: StatsRig, field = ''): Promise<string> {
  const words = `GET /stats HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${field}\r\n`;
  return converse(t, { host: rig.address.split(':')[0] ?? '', port: rig.port }, words);
}

test('a silent reader is told what to do, and gets no document', async (t) => {
  const { rig } = await secretRig(t, { waitMs: 10 });
  const told = await listenSilently(t, { host: '127.0.0.1', port: rig.port });
  assert.match(told, /^tsuwsgi: these stats need a key \(--stats-secret\): [^{]*\n$/);
});

test('over HTTP the key in the file is a bearer token', async (t) => {
  const { rig, token } = await secretRig(t);
  assert.match(await ask(t, rig), /^HTTP\/1\.1 401 [^]*\r\nWWW-Authenticate: Bearer\r\n/);
  const wrong = await ask(t, rig, `Authorization: Bearer ${'0'.repeat(64)}\r\n`);
  assert.match(wrong, /^HTTP\/1\.1 401 /);
  assert.match(await ask(t, rig, `Authorization: Basic ${token}\r\n`), /^HTTP\/1\.1 401 /);
  const right = await ask(t, rig, `Authorization: Bearer ${token}\r\n`);
  assert.match(right, /^HTTP\/1\.1 200 [^]*"workers"/);
  assert.match(
    rig.log.join('\n'),
    /^audit: HTTP GET by .*: refused \(401\): The key does not fit/m,
  );
});

test('guesses of the token lock their user out, with an audit line', async (t) => {
  const { rig, token } = await secretRig(t, { limits: { maxPeerFailures: 2 } });
  let answer = '';
  // The kernel's table of connections is not read to its end when it is long: then a guess is
  // counted for the address and not for the user. Two under either name are enough.
  for (let guess = 0; guess < 3 && !answer.startsWith('HTTP/1.1 429 '); guess++) {
    await ask(t, rig, `Authorization: Bearer ${String(guess).repeat(64)}\r\n`);
    await ask(t, rig, `Authorization: Bearer ${String(guess + 3).repeat(64)}\r\n`);
    answer = await ask(t, rig, `Authorization: Bearer ${token}\r\n`);
  }
  assert.match(answer, /^HTTP\/1\.1 429 /);
  assert.match(rig.log.join('\n'), /^audit: (uid \d+|127\.0\.0\.1) is locked out for 60 s/m);
});

test('what a load balancer asks needs no key', async (t) => {
  const { rig } = await secretRig(t);
  const answer = await get(`http://127.0.0.1:${rig.port}/healthz`);
  assert.notEqual(answer.status, 401);
});

test('a live client gets documents once it has proven a key, and none before', async (t) => {
  const { rig, token } = await secretRig(t);
  const client = await openLive(t, `ws://${rig.address}/live`);
  assert.equal(client.hello.secret, true);
  client.send({ type: 'subscribe', interval_ms: 100 });
  client.send({ type: 'resync' });
  client.send(reload);
  assert.equal((await client.take('reply')).code, 'needs-auth');
  assert.deepEqual(
    client.received.map(({ type }) => type),
    ['hello', 'reply'],
  );
  assert.equal((await prover(rig, client)(token, 'read')).ok, true);
  assert.deepEqual((await client.take('snapshot')).stats, rig.document());
  await client.take('delta');
  client.send({ ...reload, id: 2 });
  assert.equal((await client.take('reply')).code, 'needs-auth', 'the key to read only reads');
  assert.deepEqual(rig.executed, []);
});

test('the key to read does not operate, and the key to operate reads', async (t) => {
  const { rig, token } = await secretRig(t, { limits: { authDelayMs: 1 } });
  const client = await openLive(t, `ws://${rig.address}/live`);
  assert.equal((await prover(rig, client)(token, 'operate')).code, 'bad-key');
  assert.equal((await prover(rig, client)(operateKey(rig), 'operate')).ok, true);
  await client.take('snapshot');
});

test('who proves nothing in time is cut', async (t) => {
  const { rig } = await secretRig(t, { limits: { proofMs: 50 } });
  const client = await openLive(t, `ws://${rig.address}/live`);
  assert.equal(await client.closed, 1008);
});

test('a key that is replaced ends the stream of who proved it, until the new one is proven', async (t) => {
  const { rig } = await secretRig(t);
  const client = await openLive(t, `ws://${rig.address}/live`);
  client.send({ type: 'subscribe', interval_ms: 100 });
  const proveIt = prover(rig, client);
  await proveIt(operateKey(rig), 'operate');
  await client.take('delta');
  client.send({ ...reload, command: { name: 'rotate-key' } });
  assert.equal((await client.take('authorised')).code, 'revoked');
  assert.equal((await client.take('outcome')).code, 'done');
  const before = client.received.filter(({ type }) => type === 'snapshot').length;
  assert.equal((await proveIt(operateKey(rig), 'operate')).ok, true);
  await until(() => client.received.filter(({ type }) => type === 'snapshot').length > before);
});

test('the token is not taken over a network in the clear', async (t) => {
  const host = publicAddress();
  if (host === null) {
    t.skip('this machine has no address but loopback');
    return;
  }
  const { rig, token } = await secretRig(t, { addresses: [`${host}:0`] });
  assert.match(await ask(t, rig, `Authorization: Bearer ${token}\r\n`), /^HTTP\/1\.1 403 /);
  const client = await openLive(t, `ws://${rig.address}/live`);
  assert.equal((await prover(rig, client)(token, 'read')).code, 'needs-tls');
});

test('the file is made for its user alone, and stays the same', (t) => {
  const file = join(temporaryFolder(t), 'read.key');
  const made = readSecret(file, uid);
  assert.ok(made.ok);
  assert.equal(lstatSync(file).mode & 0o777, 0o600);
  const again = readSecret(file, uid);
  assert.ok(again.ok);
  assert.deepEqual(again.value, made.value);
});

test('a file that others could have read or made is refused', (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'read.key');
  const refused = (path: string, user = uid): string => {
    const read = readSecret(path, user);
    assert.ok(!read.ok);
    return read.error;
  };
  assert.ok(readSecret(file, uid).ok);
  assert.match(refused(file, uid + 1), /belongs to user/);
  chmodSync(file, 0o644);
  assert.match(refused(file), /open to other users; close it with chmod 600/);
  symlinkSync(file, join(folder, 'link'));
  assert.match(refused(join(folder, 'link')), /is a symbolic link/);
  writeFileSync(join(folder, 'text'), 'secret', { mode: 0o600 });
  assert.match(refused(join(folder, 'text')), /does not hold 64 hexadecimal digits/);
  assert.match(refused(folder), /not a regular file/);
  assert.match(refused(join(folder, 'no', 'file')), /cannot be made/);
});

test('a secret that cannot be had ends the start, and nothing is left', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'read.key'), 'secret', { mode: 0o600 });
  await assert.rejects(
    startRig(t, { secret: join(folder, 'read.key') }),
    /does not hold 64 hexadecimal digits/,
  );
});

for (const scheme of ['', 'ws://']) {
  test(`tsuwsgitop reads at "${scheme}host:port" with the key to read, and commands nothing`, async (t) => {
    const { rig } = await secretRig(t, { waitMs: 10 });
    const keyFile = join(rig.folder, 'read.key');
    using log = new ClientLog(`${scheme}${rig.address}`, { keyFile, uid });
    await log.until('document', ({ transport }) => transport === 'live');
    await log.untilRefused(/only reads/);
    log.client.command(1, { name: 'reload' });
    assert.equal((await log.until('reply')).code, 'needs-auth');
    assert.deepEqual(rig.executed, []);
    const once = await fetchOnce(target(`${scheme}${rig.address}`), { keyFile, uid });
    assert.ok(once.ok, once.ok ? '' : once.error.message);
  });

  test(`without a key tsuwsgitop says at "${scheme}host:port" what is missing`, async (t) => {
    const { rig } = await secretRig(t, { waitMs: 10 });
    using log = new ClientLog(`${scheme}${rig.address}`, { uid });
    const { message } = await log.until('problem');
    assert.match(message, /^these stats need a key \(--stats-secret\): .*--key-file/);
    const once = await fetchOnce(target(`${scheme}${rig.address}`), { env: {}, uid });
    assert.match(once.ok ? '' : once.error.message, /these stats need a key .*--key-file/);
  });
}
