import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createProfiles } from '../../../server/master/profiles.js';
import { profileName, type SnapshotDirectory } from '../../../server/master/snapshot-directory.js';
import type { ProfileOrder } from '../../../server/wire/profile-frames.js';
import { decodeMasterFrame, decodeWorkerFrame, encodeFrame } from '../../../server/wire/frames.js';

const folder: SnapshotDirectory = { place: (name) => ({ ok: true, value: `/snapshots/${name}` }) };

function open(t: TestContext, directory: SnapshotDirectory | null = folder) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const sent: (ProfileOrder & { readonly pid: number })[] = [];
  const profiles = createProfiles((pid, order) => sent.push({ ...order, pid }), directory);
  return { profiles, sent };
}

test('the outcome names the file, whose name no client has said', async (t) => {
  const { profiles, sent } = open(t);
  const result = profiles.cpu(2, 4711, 5);
  assert.equal(result.message, 'profiling worker 2 (pid 4711) for 5 s');
  const [order] = sent;
  assert.match(
    order?.file ?? '',
    /^\/snapshots\/cpu-worker-2-pid-4711-\w+-[0-9a-f]{8}\.cpuprofile$/,
  );
  profiles.answer(4711, { type: 'profile', id: order?.id ?? 0, problem: null });
  assert.deepEqual(await result.outcome, {
    ok: true,
    code: 'done',
    message: `worker 2 (pid 4711): 5 s of CPU profile in ${order?.file ?? ''}`,
  });
});

test('a process is profiled once at a time, and others meanwhile', (t) => {
  const { profiles } = open(t);
  assert.equal(profiles.cpu(1, 100, 5).accepted, true);
  assert.equal(profiles.cpu(1, 100, 5).code, 'busy');
  assert.equal(profiles.cpu(2, 200, 5).accepted, true);
});

test('an answer of another process ends nothing', async (t) => {
  const { profiles, sent } = open(t);
  const result = profiles.cpu(1, 100, 5);
  profiles.answer(200, { type: 'profile', id: sent[0]?.id ?? 0, problem: null });
  profiles.answer(100, { type: 'profile', id: sent[0]?.id ?? 0, problem: 'no room on the disk' });
  const outcome = await result.outcome;
  assert.deepEqual(
    [outcome?.ok, outcome?.message],
    [false, 'worker 1 (pid 100): no room on the disk'],
  );
});

test('a process that never answers, or ends, is told of', async (t) => {
  const { profiles } = open(t);
  const silent = profiles.cpu(1, 100, 5);
  const dead = profiles.cpu(2, 200, 5);
  profiles.gone(200);
  t.mock.timers.tick(35_000);
  assert.match((await silent.outcome)?.message ?? '', /no profile came/);
  assert.match((await dead.outcome)?.message ?? '', /the process ended before its profile/);
  assert.equal(profiles.cpu(1, 100, 5).accepted, true, 'the next one may be taken');
});

test('where nothing can be written, nobody is asked', (t) => {
  const { profiles, sent } = open(t, null);
  assert.equal(profiles.cpu(1, 100, 5).code, 'not-configured');
  t.mock.timers.reset();
  const unsafe = open(t, { place: () => ({ ok: false, error: '--snapshot-dir: it is a link' }) });
  const { accepted, message } = unsafe.profiles.cpu(1, 100, 5);
  assert.deepEqual([accepted, message], [false, '--snapshot-dir: it is a link']);
  assert.deepEqual([sent, unsafe.sent], [[], []]);
});

test('a name holds the worker, its process, the time and chance', () => {
  const at = Date.UTC(2026, 10, 25, 18, 30, 1);
  assert.equal(
    profileName({ worker: 2, pid: 4711, at, random: '1a2b3c4d' }),
    'cpu-worker-2-pid-4711-20261125T183001Z-1a2b3c4d.cpuprofile',
  );
});

test('the frames of a profile arrive as they were sent, and nothing else is one', () => {
  const order = { type: 'profile', id: 1, kind: 'cpu', seconds: 5, file: '/a' } as const;
  assert.deepEqual(decodeMasterFrame(encodeFrame(order)), order);
  for (const wrong of [
    { kind: 'heap' },
    { seconds: 1e9 },
    { seconds: '5' },
    { file: 7 },
    { id: -1 },
  ]) {
    assert.equal(decodeMasterFrame(JSON.stringify({ ...order, ...wrong })), null);
  }
  for (const problem of [null, 'no room']) {
    const answer = { type: 'profile', id: 1, problem } as const;
    assert.deepEqual(decodeWorkerFrame(encodeFrame(answer)), answer);
  }
  assert.equal(decodeWorkerFrame('{"type":"profile","id":1}'), null);
});
