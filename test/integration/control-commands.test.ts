import assert from 'node:assert/strict';
import { lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makeFolder } from '../support/folder.js';
import { get, hold } from '../support/http.js';
import { identityOf, keyFileOf, operate } from '../support/operator.js';
import { prove } from '../support/proof.js';
import { CATSERVE, startServer } from '../support/server.js';

const quiet = ['--module', CATSERVE, '--disable-logging'];

test('stop ends the instance, and tells whoever asked before it closes', async (t) => {
  const server = startServer(t, [...quiet, '-p', '2']);
  await server.ready();
  const { order, outcome, client } = await operate(t, server);
  assert.equal((await order({ name: 'stop' })).code, 'accepted');
  const { code, message } = await outcome();
  assert.equal(code, 'done');
  assert.match(message, /^stopped, 2\/2 processes ended, 0 forced$/);
  assert.equal(await client.closed, 1001);
  assert.equal(await server.exited(), 0);
  assert.match(server.output, /the command stop received...workers finish their requests/);
  assert.match(
    server.output,
    /^audit: stop by 127\.0\.0\.1:\d+ \(operate(, uid \d+)?\): accepted/m,
  );
  assert.match(server.output, /^audit: stop by .*: done: stopped, 2\/2/m);
});

test('stop now does not wait for requests', async (t) => {
  const server = startServer(t, quiet);
  await server.ready();
  const held = await hold(await server.port(), 'GET /slow?s=60 HTTP/1.1\r\nHost: x\r\n\r\n');
  await server.until('a request in flight', ({ workers }) => workers[0]?.in_flight === 1);
  const { order, outcome } = await operate(t, server);
  assert.equal((await order({ name: 'stop', how: 'now' })).message, 'stopping at once');
  assert.equal((await outcome()).code, 'done');
  assert.equal(await server.exited(), 0);
  held.destroy();
});

test('the level of the log is changed while it is written; audit lines always are', async (t) => {
  const server = startServer(t, quiet);
  await server.ready();
  const { order, outcome } = await operate(t, server);
  assert.equal((await order({ name: 'log-level', level: 'error' })).code, 'accepted');
  assert.equal((await outcome()).message, 'the master logs errors');
  await order({ name: 'pause', paused: true });
  assert.equal((await outcome()).code, 'done');
  await server.logged(/^audit: pause by .*: done/m);
  assert.doesNotMatch(server.output, /^\*\*\* .*paus/m, 'that it pauses is no error');
  await order({ name: 'log-level', level: 'debug' });
  assert.equal((await outcome()).message, 'the master logs debug and what matters more');
  await order({ name: 'pause', paused: false });
  await server.logged(/^event pause \{"paused":false,"order":\d+\}$/m);
  await server.logged(/^audit: log-level debug by .*: accepted/m);
});

test('a CPU profile is taken of a worker whose loop is blocked', async (t) => {
  const folder = path.join(makeFolder(t, {}), 'snapshots');
  const server = startServer(t, [...quiet, '--snapshot-dir', folder]);
  await server.ready();
  const { order, outcome } = await operate(t, server);
  const identity = await identityOf(server, 1);
  await hold(await server.port(), 'GET /block?s=60 HTTP/1.1\r\nHost: x\r\n\r\n');
  await server.until('a blocked loop', ({ workers }) => (workers[0]?.stalled_ms ?? 0) > 0);
  const profile = { name: 'cpu-profile', seconds: 1, ...identity } as const;
  assert.equal((await order(profile)).code, 'accepted');
  const second = await order(profile);
  assert.deepEqual([second.ok, second.code], [false, 'busy'], 'one at a time');
  const { code, message } = await outcome();
  assert.equal(code, 'done', message);
  assert.ok((await server.worker(1)).stalled_ms > 0, 'the loop is still blocked');
  const [name = ''] = readdirSync(folder);
  assert.match(name, /^cpu-worker-1-pid-\d+-\d{8}T\d{6}Z-[0-9a-f]{8}\.cpuprofile$/);
  assert.ok(message.endsWith(path.join(folder, name)), message);
  assert.equal(lstatSync(folder).mode & 0o777, 0o700);
  assert.equal(lstatSync(path.join(folder, name)).mode & 0o777, 0o600);
  const { nodes } = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as {
    nodes: { callFrame: { url: string } }[];
  };
  assert.ok(
    nodes.some(({ callFrame }) => callFrame.url.includes('catserve')),
    'the application that blocks is in the profile',
  );
  assert.match(server.output, /^audit: cpu-profile 1 \(pid \d+\) 1 s by .*: accepted/m);
  // The thread of the last one has ended by now, and the process outlived that.
  assert.equal((await order(profile)).code, 'accepted');
  const next = await outcome();
  assert.equal(next.code, 'done', next.message);
  assert.equal(readdirSync(folder).length, 2);
});

test('a CPU profile of an idle worker is taken too', async (t) => {
  const folder = path.join(makeFolder(t, {}), 'snapshots');
  const server = startServer(t, [...quiet, '--snapshot-dir', folder]);
  await server.ready();
  const { order, outcome } = await operate(t, server);
  await order({ name: 'cpu-profile', seconds: 1, ...(await identityOf(server, 1)) });
  const { code, message } = await outcome();
  assert.equal(code, 'done', message);
  assert.equal(readdirSync(folder).length, 1);
  assert.equal((await get(await server.url('/'))).status, 200);
});

test('a profile of a worker that dies has its end told', async (t) => {
  const folder = path.join(makeFolder(t, {}), 'snapshots');
  const server = startServer(t, [...quiet, '--snapshot-dir', folder]);
  await server.ready();
  const { order, outcome } = await operate(t, server);
  const identity = await identityOf(server, 1);
  await order({ name: 'cpu-profile', seconds: 60, ...identity });
  process.kill(identity.pid, 'SIGKILL');
  const { code, message } = await outcome();
  assert.equal(code, 'failed');
  assert.match(message, /the process ended before its profile/);
});

test('without a safe folder there is no profile', async (t) => {
  const without = startServer(t, quiet);
  await without.ready();
  const first = await operate(t, without);
  const command = { name: 'cpu-profile', seconds: 1 } as const;
  const refused = await first.order({ ...command, ...(await identityOf(without, 1)) });
  assert.equal(refused.code, 'not-configured');
  assert.match(refused.message, /--snapshot-dir/);

  const outer = makeFolder(t, {});
  symlinkSync(outer, path.join(outer, 'link'));
  const linked = startServer(t, [...quiet, '--snapshot-dir', path.join(outer, 'link')]);
  await linked.ready();
  const second = await operate(t, linked);
  const reply = await second.order({ ...command, ...(await identityOf(linked, 1)) });
  assert.deepEqual([reply.ok, reply.code], [false, 'failed']);
  assert.match(reply.message, /is a symbolic link; name another folder in --snapshot-dir/);
  assert.match(linked.output, /^audit: cpu-profile .*: refused \(failed\)/m);
});

test('rotate-key replaces the key file, and the old key opens nothing', async (t) => {
  const server = startServer(t, quiet);
  await server.ready();
  const before = keyFileOf(server).content;
  const { order, outcome, client } = await operate(t, server);
  assert.equal((await order({ name: 'rotate-key' })).code, 'accepted');
  assert.equal((await client.take('authorised')).code, 'revoked');
  assert.equal((await outcome()).code, 'done');
  const { file, content: after } = keyFileOf(server);
  assert.notEqual(after.key, before.key);
  assert.deepEqual({ ...after, key: '' }, { ...before, key: '' });
  assert.equal(lstatSync(file).mode & 0o777, 0o600);
  assert.equal((await order({ name: 'reload' })).code, 'needs-auth');
  const address = `127.0.0.1:${await server.statsPort()}`;
  const challenge = { bootId: after.boot_id, serverNonce: client.hello.nonce, address };
  client.send(prove(Buffer.from(before.key, 'hex'), challenge));
  assert.equal((await client.take('authorised')).code, 'bad-key');
  client.send(prove(Buffer.from(after.key, 'hex'), challenge));
  assert.equal((await client.take('authorised')).code, 'accepted');
  assert.match(server.output, /^audit: auth operate by .*: revoked with its key$/m);
});
