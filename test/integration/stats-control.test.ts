import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CommandOutcome } from '../../server/control/requester.js';
import type { KeyFile } from '../../shared/protocol.js';
import { openLive, type LiveClient } from '../support/live-client.js';
import { prove } from '../support/proof.js';
import { BOOT_ID, startRig, temporaryFolder, type StatsRig } from '../support/stats-rig.js';

const live = (address: string) => `ws://${address}/live`;
const reload = { type: 'command', id: 1, command: { name: 'reload' } } as const;

function keyFile(rig: StatsRig): KeyFile {
  return JSON.parse(readFileSync(join(rig.keys, `${BOOT_ID}.key`), 'utf8')) as KeyFile;
}

function proof(rig: StatsRig, client: LiveClient, address = rig.address) {
  const key = Buffer.from(keyFile(rig).key, 'hex');
  return prove(key, { bootId: BOOT_ID, serverNonce: client.hello.nonce, address });
}

test('the key in the file opens control, and a command is replied to, done and logged', async (t) => {
  const rig = await startRig(t);
  assert.deepEqual(keyFile(rig).addresses, rig.server.addresses);
  let finish: ((outcome: CommandOutcome) => void) | undefined;
  rig.answer({
    accepted: true,
    code: 'accepted',
    message: 'Reloading.',
    outcome: new Promise((resolve) => (finish = resolve)),
  });
  const client = await openLive(t, live(rig.address));
  client.send(proof(rig, client));
  assert.equal((await client.take('authorised')).ok, true);
  client.send({ ...reload, id: 42 });
  assert.deepEqual(await client.take('reply'), {
    type: 'reply',
    id: 42,
    ok: true,
    code: 'accepted',
    message: 'Reloading.',
  });
  finish?.({ ok: true, code: 'done', message: '2 of 2 workers replaced.' });
  assert.deepEqual(await client.take('outcome'), {
    type: 'outcome',
    id: 42,
    ok: true,
    code: 'done',
    message: '2 of 2 workers replaced.',
  });
  assert.equal(rig.executed.length, 1);
  assert.equal(rig.executed[0]?.by.role, 'operate');
  assert.match(rig.executed[0].by.peer, /^127\.0\.0\.1:\d+$/);
  assert.match(
    rig.log.join('\n'),
    /audit: reload by 127\.0\.0\.1:\d+ \(operate(, uid \d+)?\): accepted[^]*: done: 2 of 2/,
  );
});

test('the key opens control on a unix socket', async (t) => {
  const rig = await startRig(t, (folder) => ({ addresses: [`${folder}/s.sock`] }));
  const client = await openLive(t, `ws+unix:${rig.address}:/live`);
  client.send(proof(rig, client));
  assert.equal((await client.take('authorised')).code, 'accepted');
});

test('a command before the key is refused', async (t) => {
  const rig = await startRig(t);
  const client = await openLive(t, live(rig.address));
  client.send(reload);
  assert.equal((await client.take('reply')).code, 'needs-auth');
  assert.deepEqual(rig.executed, []);
});

test('an answer that was overheard on one connection is worth nothing on another', async (t) => {
  const rig = await startRig(t, { limits: { authDelayMs: 1 } });
  const first = await openLive(t, live(rig.address));
  const overheard = proof(rig, first);
  first.send(overheard);
  assert.equal((await first.take('authorised')).ok, true);
  const second = await openLive(t, live(rig.address));
  second.send(overheard);
  assert.equal((await second.take('authorised')).code, 'bad-key');
});

test('a challenge that a stranger relayed is not accepted', async (t) => {
  const rig = await startRig(t, { limits: { authDelayMs: 1 } });
  const client = await openLive(t, live(rig.address));
  client.send(proof(rig, client, '127.0.0.1:1'));
  assert.equal((await client.take('authorised')).code, 'bad-key');
});

test('three wrong keys end the connection', async (t) => {
  const rig = await startRig(t, { limits: { authDelayMs: 1 } });
  const client = await openLive(t, live(rig.address));
  const wrong = { ...proof(rig, client), mac: '00'.repeat(32) };
  for (let count = 0; count < 3; count++) {
    client.send(wrong);
    assert.equal((await client.take('authorised')).code, 'bad-key');
  }
  assert.equal(await client.closed, 1008);
});

test('a connection from another machine is refused control even with the key', async (t) => {
  const rig = await startRig(t, { isLocal: () => false });
  const client = await openLive(t, live(rig.address));
  assert.equal(client.hello.control, 'needs-tls');
  client.send(proof(rig, client));
  assert.equal((await client.take('authorised')).code, 'needs-tls');
  client.send(reload);
  assert.equal((await client.take('reply')).code, 'needs-tls');
  assert.deepEqual(rig.executed, []);
});

test('--stats-read-only has no key and no control, but the stream', async (t) => {
  const rig = await startRig(t, { readOnly: true });
  assert.ok(!existsSync(rig.keys));
  const client = await openLive(t, live(rig.address));
  assert.equal(client.hello.control, 'read-only');
  client.send(reload);
  assert.equal((await client.take('reply')).code, 'read-only');
  assert.deepEqual((await client.take('snapshot')).stats, rig.document());
});

test('a server whose key has no safe place says no-key, and why in its log', async (t) => {
  const rig = await startRig(t, (folder) => {
    mkdirSync(join(folder, 'keys'));
    chmodSync(join(folder, 'keys'), 0o755);
    return {};
  });
  const client = await openLive(t, live(rig.address));
  assert.equal(client.hello.control, 'no-key');
  client.send(reload);
  assert.equal((await client.take('reply')).code, 'no-key');
  assert.match(rig.log.join('\n'), /no control, because .*keys is open to other users/);
});

test('closing removes the key file', async (t) => {
  const rig = await startRig(t);
  assert.deepEqual(readdirSync(rig.keys), [`${BOOT_ID}.key`]);
  await rig.server.close();
  assert.deepEqual(readdirSync(rig.keys), []);
});

test('after close no timer and no socket keeps the process alive', async (t) => {
  const folder = temporaryFolder(t);
  const script = new URL('../support/stats-server-lifetime.js', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.equal(Buffer.concat(output).toString().trim(), 'closed');
  assert.deepEqual(readdirSync(folder), ['keys']);
  assert.deepEqual(readdirSync(join(folder, 'keys')), []);
});
