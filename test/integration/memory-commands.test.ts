import assert from 'node:assert/strict';
import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { makeFolder } from '../support/folder.js';
import { readSnapshot } from '../support/heap-snapshot.js';
import { get, hold } from '../support/http.js';
import { openLive } from '../support/live-client.js';
import { identityOf, operate } from '../support/operator.js';
import { APPS, CATSERVE, startServer, type TestServer } from '../support/server.js';
import { startSteadyLoad } from '../support/steady-load.js';

const HOLDS_MUCH = ['--module', path.join(APPS, 'holds-much.mjs'), '--disable-logging'];

function start(t: TestContext, args: readonly string[] = [], held = 1000) {
  const folder = path.join(makeFolder(t, {}), 'snapshots');
  const words = [...HOLDS_MUCH, '--snapshot-dir', folder, ...args];
  const server = startServer(t, words, { env: { HELD: String(held) } });
  return { folder, server };
}

/** The document has the size of the heap a second after a worker began. */
async function measured(server: TestServer): Promise<void> {
  await server.ready();
  await server.until('the heap is known', ({ workers }) =>
    workers.every(({ heap_total }) => heap_total > 0),
  );
}

test('gc collects the garbage of a worker, and tells heap and RSS before and after', async (t) => {
  const server = startServer(t, HOLDS_MUCH);
  await server.ready();
  for (let round = 0; round < 5; round++) await get(await server.url('/waste'));
  const { order, outcome } = await operate(t, server);
  const reply = await order({ name: 'gc', ...(await identityOf(server, 1)) });
  assert.equal(reply.code, 'accepted', reply.message);
  const { code, message } = await outcome();
  assert.equal(code, 'done', message);
  assert.match(
    message,
    /^worker 1 \(pid \d+\): heap [\d.]+M before, [\d.]+M after; heap with its free room .* before, .* after; RSS [\d.]+M before, [\d.]+M after; it took \d+ ms$/,
  );
  assert.match(server.output, /^audit: gc 1 \(pid \d+\) by .*: done: worker 1/m);
});

test('garbage is collected when the loop turns again, which is said where it does not', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '--disable-logging']);
  await server.ready();
  const identity = await identityOf(server, 1);
  await hold(await server.port(), 'GET /block?s=60 HTTP/1.1\r\nHost: x\r\n\r\n');
  await server.until('a blocked loop', ({ workers }) => (workers[0]?.stalled_ms ?? 0) > 0);
  const { order, outcome } = await operate(t, server);
  await order({ name: 'gc', ...identity });
  const { code, message } = await outcome();
  assert.equal(code, 'failed', message);
  assert.match(message, /its loop is blocked: the garbage is collected when it turns again$/);
  assert.equal((await server.worker(1)).pid, identity.pid);
});

test('a heap snapshot is a whole file that DevTools opens, of mode 0600', async (t) => {
  const { folder, server } = start(t);
  await measured(server);
  const { order, outcome } = await operate(t, server);
  await order({ name: 'heap-snapshot', ...(await identityOf(server, 1)) });
  const { code, message } = await outcome();
  assert.equal(code, 'done', message);
  const [name = '', ...others] = readdirSync(folder);
  assert.deepEqual(others, []);
  assert.match(name, /^heap-worker-1-pid-\d+-\d{8}T\d{6}Z-[0-9a-f]{8}\.heapsnapshot$/);
  const file = path.join(folder, name);
  assert.ok(message.includes(`heap snapshot in ${file}: `), message);
  assert.equal(lstatSync(file).mode & 0o777, 0o600);
  assert.equal(readSnapshot(file).counts.get('object HeldOrder'), 1000);
});

test('while one worker writes a snapshot the others serve on, and no request is lost', async (t) => {
  const { server } = start(t, ['-p', '2'], 60_000);
  await measured(server);
  const load = startSteadyLoad(await server.url(), 2);
  const { client, outcome } = await operate(t, server);
  const command = { name: 'heap-snapshot', ...(await identityOf(server, 1)) } as const;
  client.send({ type: 'command', id: 1, command, progress: true });
  await client.take('reply');
  const { message: progress } = await client.take('progress');
  assert.match(progress, /^worker 1 \(pid \d+\): (\d+ % of the heap is visited|.* are written)$/);
  const before = load.answered();
  const { code, message } = await outcome();
  const during = load.answered() - before;
  await load.stop();
  assert.equal(code, 'done', message);
  assert.ok(during > 0, 'the other worker answered meanwhile');
  assert.deepEqual(load.failures, []);
  const { workers } = await server.stats();
  assert.deepEqual(
    workers.map(({ respawn_count }) => respawn_count),
    workers.map(() => workers[1]?.respawn_count),
  );
});

test('who did not ask for progress hears of none', async (t) => {
  const { server } = start(t, [], 20_000);
  await measured(server);
  const { order, outcome, client } = await operate(t, server);
  await order({ name: 'heap-snapshot', ...(await identityOf(server, 1)) });
  assert.equal((await outcome()).code, 'done');
  assert.deepEqual(
    client.received.filter(({ type }) => type === 'progress'),
    [],
  );
});

test('harakiri leaves a request alone for as long as a snapshot kept it waiting', async (t) => {
  const { server } = start(t, ['--harakiri', '1'], 200_000);
  await measured(server);
  const url = await server.url('/slow?ms=700');
  const { order, outcome } = await operate(t, server);
  const identity = await identityOf(server, 1);
  const answer = get(url);
  await server.until('a request in flight', ({ workers }) => workers[0]?.in_flight === 1);
  await order({ name: 'heap-snapshot', ...identity });
  const { code, message } = await outcome();
  assert.equal(code, 'done', message);
  const seconds = Number(/blocked for ([\d.]+) s$/.exec(message)?.[1]);
  assert.ok(seconds > 1, `it took longer than the limit: ${message}`);
  assert.equal((await answer).status, 200);
  assert.equal((await server.worker(1)).pid, identity.pid);
  assert.doesNotMatch(server.output, /HARAKIRI/);
});

test('a heap profile names who allocates, with file and line', async (t) => {
  const { folder, server } = start(t);
  await server.ready();
  const load = startSteadyLoad(await server.url('/waste'), 1);
  const { order, outcome } = await operate(t, server);
  await order({ name: 'heap-profile', seconds: 1, ...(await identityOf(server, 1)) });
  const { code, message } = await outcome();
  await load.stop();
  assert.equal(code, 'done', message);
  const [name = ''] = readdirSync(folder);
  assert.match(name, /^heap-profile-worker-1-pid-\d+-.*\.heapprofile$/);
  const [first = '', second = '', ...top] = message.split('\n');
  assert.ok(first.endsWith(`1 s of heap profile in ${path.join(folder, name)}`), first);
  assert.match(second, /^about [\d.]+[KMG] allocated, most by$/);
  assert.match(top[0] ?? '', /^ +[\d.]+[KMG] +[\d.]+% {2}wasteMuch \(.*holds-much\.mjs:\d+:\d+\)$/);
  assert.ok(top.length <= 15);
  const profile = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as { head: unknown };
  assert.ok(profile.head);
});

test('the files together keep to --snapshot-dir-size: the oldest goes', async (t) => {
  const { folder, server } = start(t, ['--snapshot-dir-size', '16'], 20_000);
  await measured(server);
  const { order, outcome } = await operate(t, server);
  const taken: string[] = [];
  for (let round = 0; round < 3; round++) {
    await order({ name: 'heap-snapshot', ...(await identityOf(server, 1)) });
    const { code, message } = await outcome();
    assert.equal(code, 'done', message);
    taken.push(/\/(heap-worker[^/:]*):/.exec(message)?.[1] ?? '');
  }
  const kept = readdirSync(folder);
  const size = kept.reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
  assert.ok(size <= 16 * 1024 * 1024, `${size} bytes in ${kept.length} files`);
  assert.ok(kept.includes(taken[2] ?? ''), 'the newest is there');
  assert.ok(!kept.includes(taken[0] ?? ''), 'the oldest is gone');
});

test('a snapshot larger than --snapshot-dir-size leaves nothing behind', async (t) => {
  const { folder, server } = start(t, ['--snapshot-dir-size', '1']);
  await measured(server);
  const { order, outcome } = await operate(t, server);
  await order({ name: 'heap-snapshot', ...(await identityOf(server, 1)) });
  const { code, message } = await outcome();
  assert.equal(code, 'failed');
  assert.match(message, /beyond the 1048576 bytes .*: raise --snapshot-dir-size$/);
  assert.deepEqual(readdirSync(folder), []);
  assert.equal((await get(await server.url())).status, 200);
});

test('nothing is written through a link, and nothing for who may only read', async (t) => {
  const outer = makeFolder(t, {});
  symlinkSync(outer, path.join(outer, 'link'));
  const server = startServer(t, [...HOLDS_MUCH, '--snapshot-dir', path.join(outer, 'link')]);
  await measured(server);
  const { order } = await operate(t, server);
  const identity = await identityOf(server, 1);
  for (const command of [
    { name: 'heap-snapshot', ...identity },
    { name: 'heap-profile', seconds: 1, ...identity },
  ] as const) {
    const reply = await order(command);
    assert.deepEqual([reply.ok, reply.code], [false, 'failed']);
    assert.match(reply.message, /is a symbolic link; name another folder in --snapshot-dir/);
  }
  assert.deepEqual(readdirSync(outer), ['link']);
  const reader = await openLive(t, `ws://127.0.0.1:${await server.statsPort()}/live`);
  for (const [id, name] of (['gc', 'heap-snapshot'] as const).entries()) {
    reader.send({ type: 'command', id, command: { name, ...identity } });
    assert.equal((await reader.take('reply')).code, 'needs-auth');
    await server.logged(
      new RegExp(`^audit: ${name} 1 \\(pid \\d+\\) by .*\\(no role.*refused \\(needs-auth\\)`, 'm'),
    );
  }
});

test('where nothing may be written, garbage is collected all the same', async (t) => {
  const server = startServer(t, HOLDS_MUCH);
  await measured(server);
  const { order, outcome } = await operate(t, server);
  const identity = await identityOf(server, 1);
  const refused = await order({ name: 'heap-snapshot', ...identity });
  assert.equal(refused.code, 'not-configured');
  assert.match(refused.message, /snapshots need --snapshot-dir DIR/);
  await order({ name: 'gc', ...identity });
  assert.equal((await outcome()).code, 'done');
});

test('two snapshots of a worker that leaks are compared, and the class is named', async (t) => {
  const { folder, server } = start(t);
  await measured(server);
  const { order, outcome } = await operate(t, server);
  const identity = await identityOf(server, 1);
  for (const growth of [0, 5000]) {
    await get(await server.url(`/grow?n=${growth}`));
    await order({ name: 'heap-snapshot', ...identity });
    assert.equal((await outcome()).code, 'done');
  }
  await order({ name: 'compare-snapshots', ...identity });
  const { code, message } = await outcome();
  assert.equal(code, 'done', message);
  assert.match(message, /^worker 1 \(pid \d+\): from heap-worker-1-\S+\nto heap-worker-1-\S+\n/);
  assert.match(message, /^ +1,000 +6,000 +\+5,000 +\S+ +\S+ +\+\S+ +HeldOrder$/m);
  const [after = '', before = ''] = readdirSync(folder).sort().reverse();
  await order({ name: 'compare-snapshots', before: after, after: before, ...identity });
  assert.equal((await outcome()).code, 'done');
  await server.logged(/^audit: compare-snapshots 1 \(pid \d+\) by .*: done: worker 1/m);
});

test('what a worker puts into the folder is never followed out of it', async (t) => {
  const { folder, server } = start(t);
  await measured(server);
  const { order, outcome } = await operate(t, server);
  const identity = await identityOf(server, 1);
  await order({ name: 'heap-snapshot', ...identity });
  assert.equal((await outcome()).code, 'done');
  const [name = ''] = readdirSync(folder);
  symlinkSync(path.join(folder, name), path.join(folder, 'link.heapsnapshot'));
  const names = { before: name, after: 'link.heapsnapshot' };
  await order({ name: 'compare-snapshots', ...names, ...identity });
  const linked = await outcome();
  assert.equal(linked.code, 'failed');
  assert.match(linked.message, /link\.heapsnapshot cannot be opened: ELOOP/);
  await order({ name: 'compare-snapshots', ...identity });
  assert.match((await outcome()).message, /one snapshot of it only in --snapshot-dir: take two/);
  const reply = await order({
    ...{ name: 'compare-snapshots', before: `../${name}`, after: name },
    ...identity,
  });
  assert.equal(reply.code, 'bad-message');
  assert.equal((await server.worker(1)).pid, identity.pid);
});
