import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import type { KeyFile } from '../../shared/protocol.js';
import { ClientLog } from '../support/client-log.js';
import { openLive, type LiveClient } from '../support/live-client.js';
import { liveServer } from '../support/live-server.js';
import { prove } from '../support/proof.js';
import { publicAddress } from '../support/public-address.js';
import { BOOT_ID, startRig, until, type StatsRig } from '../support/stats-rig.js';

/** Each attack is refused, nothing is executed, and a line in the log says who tried what. */

const live = (address: string) => `ws://${address}/live`;
const reload = { type: 'command', id: 1, command: { name: 'reload' } } as const;
const fast = { limits: { authDelayMs: 1 } };

function keyOf(rig: StatsRig): Buffer {
  const text = readFileSync(join(rig.keys, `${BOOT_ID}.key`), 'utf8');
  return Buffer.from((JSON.parse(text) as KeyFile).key, 'hex');
}

function challengeOf(rig: StatsRig, client: LiveClient) {
  return { bootId: BOOT_ID, serverNonce: client.hello.nonce, address: rig.address };
}

async function refusedCommand(client: LiveClient, rig: StatsRig, code: string): Promise<void> {
  client.send(reload);
  assert.equal((await client.take('reply')).code, code);
  assert.deepEqual(rig.executed, []);
  audited(rig, new RegExp(`^audit: reload by \\S+ \\(.*\\): refused \\(${code}\\)`));
}

function audited(rig: StatsRig, pattern: RegExp): void {
  assert.ok(
    rig.log.some((line) => pattern.test(line)),
    `${pattern} is in the log:\n${rig.log.join('\n')}`,
  );
}

test('a command without the key', async (t) => {
  const rig = await startRig(t);
  await refusedCommand(await openLive(t, live(rig.address)), rig, 'needs-auth');
  audited(rig, new RegExp(`\\(no role(, uid ${process.getuid?.() ?? ''})?\\)`));
});

test('a wrong key', async (t) => {
  const rig = await startRig(t, fast);
  const client = await openLive(t, live(rig.address));
  client.send(prove(randomBytes(32), challengeOf(rig, client)));
  assert.equal((await client.take('authorised')).code, 'bad-key');
  audited(rig, /^audit: auth operate by .*: refused \(bad-key\): The key does not fit/);
  await refusedCommand(client, rig, 'needs-auth');
});

test('an answer that was overheard, sent again', async (t) => {
  const rig = await startRig(t, fast);
  const owner = await openLive(t, live(rig.address));
  const overheard = prove(keyOf(rig), challengeOf(rig, owner));
  owner.send(overheard);
  assert.equal((await owner.take('authorised')).ok, true);
  owner.socket.terminate();
  const thief = await openLive(t, live(rig.address));
  thief.send(overheard);
  assert.equal((await thief.take('authorised')).code, 'bad-key');
  audited(rig, /^audit: auth operate by .*: refused \(bad-key\)/);
  await refusedCommand(thief, rig, 'needs-auth');
});

test("an answer to another connection's challenge", async (t) => {
  const rig = await startRig(t, fast);
  const [one, other] = [await openLive(t, live(rig.address)), await openLive(t, live(rig.address))];
  one.send(prove(keyOf(rig), challengeOf(rig, other)));
  assert.equal((await one.take('authorised')).code, 'bad-key');
  audited(rig, /^audit: auth operate by .*: refused \(bad-key\)/);
  await refusedCommand(one, rig, 'needs-auth');
});

test("a server that passes on another instance's challenge", async (t) => {
  const rig = await startRig(t, fast);
  const victim = await openLive(t, live(rig.address));
  await using hostile = await liveServer({
    nonce: victim.hello.nonce,
    bootId: BOOT_ID,
  });
  const at = `127.0.0.1:${hostile.port}`;

  // The dashboard of the very user who owns the key does not answer.
  using log = new ClientLog(at, { intervalMs: 50, env: environmentOf(rig) });
  await log.untilRefused(/names a key of an instance on 127\.0\.0\.1:\d+/);

  // One that would answer to whoever asks says whom it dialled, and is found out.
  victim.send(prove(keyOf(rig), { ...challengeOf(rig, victim), address: at }));
  assert.equal((await victim.take('authorised')).code, 'bad-key');
  audited(rig, /refused \(bad-key\): The address under the proof is none of this server/);
  await refusedCommand(victim, rig, 'needs-auth');
});

test('a command over plain TCP on a public address', async (t) => {
  const host = publicAddress();
  if (host === null) {
    t.skip('this machine has no address but loopback');
    return;
  }
  const rig = await startRig(t, { ...fast, addresses: [`${host}:0`] });
  const client = await openLive(t, live(rig.address));
  assert.equal(client.hello.control, 'needs-tls');
  client.send(prove(keyOf(rig), challengeOf(rig, client)));
  assert.equal((await client.take('authorised')).code, 'needs-tls');
  audited(rig, /^audit: auth operate by .*: refused \(needs-tls\)/);
  await refusedCommand(client, rig, 'needs-tls');
});

test('a command in the role of a reader', async (t) => {
  const rig = await startRig(t);
  const client = await openLive(t, live(rig.address));
  client.send(prove(keyOf(rig), { ...challengeOf(rig, client), role: 'read' }));
  assert.equal((await client.take('authorised')).ok, true);
  await refusedCommand(client, rig, 'needs-auth');
  audited(rig, /^audit: reload by \S+ \(read[,)]/);
});

test('guesses on one connection after the other', async (t) => {
  const limits = { authDelayMs: 1, maxAuthFailures: 2, maxPeerFailures: 4 };
  // In a kernel's table of many thousand rows the user of one connection may not be found in time.
  const rig = await startRig(t, { limits, userOf: () => 1000 });
  for (let connection = 0; connection < 2; connection++) {
    const client = await openLive(t, live(rig.address));
    for (let guess = 0; guess < 2; guess++) {
      client.send(prove(randomBytes(32), challengeOf(rig, client)));
      assert.equal((await client.take('authorised')).code, 'bad-key');
    }
    assert.equal(await client.closed, 1008);
  }
  audited(rig, /^audit: uid 1000 is locked out for 60 s: too many wrong keys/);
  const late = await openLive(t, live(rig.address));
  late.send(prove(keyOf(rig), challengeOf(rig, late)));
  assert.equal((await late.take('authorised')).code, 'locked-out', 'even with the right key');
  audited(rig, /^audit: auth operate by .*: refused \(locked-out\)/);
});

test('a page that a browser loaded from elsewhere reaches the port under its own name', async (t) => {
  const rig = await startRig(t);
  const headers = { Host: 'evil.example' };
  assert.equal(await statusOf(rig.port, '/stats', headers), 421);
  const upgrade = {
    ...headers,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
  };
  assert.equal(await statusOf(rig.port, '/live', upgrade), 421);
  audited(rig, /^audit: HTTP GET by 127\.0\.0\.1:\d+( \(uid \d+\))?: refused \(421\)/);
});

for (const [what, headers] of [
  ['with its Origin', { Origin: 'http://evil.example' }],
  ['without one', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }],
  ['of another port', { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'cors' }],
] as const) {
  test(`a page of another origin asks for the stats, ${what}`, async (t) => {
    const rig = await startRig(t);
    assert.equal(await statusOf(rig.port, '/stats', headers), 403);
    audited(rig, /^audit: HTTP GET by .*: refused \(403\): A page from another origin/);
  });
}

test('a person who follows a link from another page is no attack', async (t) => {
  const rig = await startRig(t);
  const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' };
  assert.equal(await statusOf(rig.port, '/stats', headers), 200);
});

test('a path in the place where a snapshot might be named', async (t) => {
  const rig = await startRig(t);
  const client = await openLive(t, live(rig.address));
  client.send(prove(keyOf(rig), challengeOf(rig, client)));
  await client.take('authorised');
  const identity = { worker: 1, pid: 1, spawned: 1 };
  const profile = { name: 'cpu-profile', seconds: 1, file: '../../etc/cron.d/x', ...identity };
  client.socket.send(JSON.stringify({ type: 'command', id: 1, command: profile }));
  assert.equal((await client.take('reply')).code, 'bad-message');
  client.socket.send(
    JSON.stringify({ type: 'command', id: 2, command: { ...profile, worker: '../x' } }),
  );
  assert.equal((await client.take('reply')).code, 'bad-message');
  for (const [id, name] of (['heap-snapshot', 'heap-profile'] as const).entries()) {
    const command = { ...profile, name };
    client.socket.send(JSON.stringify({ type: 'command', id: 3 + id, command }));
    assert.equal((await client.take('reply')).code, 'bad-message');
  }
  assert.deepEqual(rig.executed, []);
  audited(rig, /^audit: message by .*: refused \(bad-message\): cpu-profile: "file" is/);
});

test('text that would forge a line of the log', async (t) => {
  const rig = await startRig(t);
  const client = await openLive(t, live(rig.address));
  const forged = 'x\naudit: reload by root: accepted\u001b[2J\u202e';
  client.socket.send(JSON.stringify({ type: forged }));
  await client.take('reply');
  client.socket.send(JSON.stringify({ type: 'command', id: 1, command: { name: forged } }));
  await client.take('reply');
  await until(() => rig.log.length >= 2);
  for (const line of rig.log) {
    assert.ok(!['\n', '\u001b', '\u202e'].some((character) => line.includes(character)), line);
  }
});

/** Where a client finds the keys of a rig as those of its own user. */
function environmentOf(rig: StatsRig): { readonly XDG_RUNTIME_DIR: string } {
  const folder = join(rig.folder, 'tsuwsgi');
  mkdirSync(folder, { mode: 0o700 });
  copyFileSync(join(rig.keys, `${BOOT_ID}.key`), join(folder, `${BOOT_ID}.key`));
  return { XDG_RUNTIME_DIR: rig.folder };
}

function statusOf(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers, agent: false });
    asked.once('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.once('error', reject);
    asked.end();
  });
}
