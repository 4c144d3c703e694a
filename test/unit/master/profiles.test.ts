import assert from 'node:assert/strict';
import { userInfo } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { MemoryRoom } from '../../../server/master/memory-room.js';
import { createProfiles } from '../../../server/master/profiles.js';
import {
  recordingName,
  type SnapshotDirectory,
  snapshotDirectory,
} from '../../../server/master/snapshot-directory.js';
import { makeFolder } from '../../support/folder.js';
import type { ProfileOrder } from '../../../server/wire/profile-frames.js';
import { decodeMasterFrame, decodeWorkerFrame, encodeFrame } from '../../../server/wire/frames.js';

const folder: SnapshotDirectory = {
  path: '/snapshots',
  room: 1e9,
  free: () => null,
  place: (name) => ({ ok: true, value: `/snapshots/${name}` }),
  folder: () => ({ ok: true, value: '/snapshots' }),
};
const cpu = { kind: 'cpu', seconds: 5 } as const;
const snapshot = { kind: 'heap-snapshot', seconds: 0 } as const;
const first = { worker: 1, pid: 100, heap: 0 };
const second = { worker: 2, pid: 200, heap: 0 };

function open(
  t: TestContext,
  directory: SnapshotDirectory | null = folder,
  room: MemoryRoom = { machine: null, group: null },
) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const sent: (ProfileOrder & { readonly pid: number })[] = [];
  const profiles = createProfiles({
    send: (pid, order) => sent.push({ ...order, pid }),
    directory,
    room: () => room,
  });
  return { profiles, sent };
}

test('the outcome names the file, whose name no client has said', async (t) => {
  const { profiles, sent } = open(t);
  const result = profiles.record({ worker: 2, pid: 4711, heap: 0 }, cpu);
  assert.equal(result.message, 'profiling worker 2 (pid 4711) for 5 s');
  const [order] = sent;
  assert.match(
    order?.file ?? '',
    /^\/snapshots\/cpu-worker-2-pid-4711-\w+-[0-9a-f]{8}\.cpuprofile$/,
  );
  profiles.answer(4711, { type: 'profile', id: order?.id ?? 0, problem: null, found: '' });
  assert.deepEqual(await result.outcome, {
    ok: true,
    code: 'done',
    message: `worker 2 (pid 4711): 5 s of CPU profile in ${order?.file ?? ''}`,
  });
});

test('a process is profiled once at a time, and others meanwhile', (t) => {
  const { profiles } = open(t);
  assert.equal(profiles.record(first, cpu).accepted, true);
  assert.equal(profiles.record(first, cpu).code, 'busy');
  assert.equal(profiles.record(second, cpu).accepted, true);
});

test('an answer of another process ends nothing', async (t) => {
  const { profiles, sent } = open(t);
  const result = profiles.record(first, cpu);
  profiles.answer(200, { type: 'profile', id: sent[0]?.id ?? 0, problem: null, found: '' });
  profiles.answer(100, {
    type: 'profile',
    id: sent[0]?.id ?? 0,
    problem: 'no room on the disk',
    found: '',
  });
  const outcome = await result.outcome;
  assert.deepEqual(
    [outcome?.ok, outcome?.message],
    [false, 'worker 1 (pid 100): no room on the disk'],
  );
});

test('a process that never answers, or ends, is told of', async (t) => {
  const { profiles } = open(t);
  const silent = profiles.record(first, cpu);
  const dead = profiles.record(second, cpu);
  profiles.gone(200);
  t.mock.timers.tick(35_000);
  assert.match((await silent.outcome)?.message ?? '', /no profile came/);
  assert.match((await dead.outcome)?.message ?? '', /the process ended before its profile/);
  assert.equal(profiles.record(first, cpu).accepted, true, 'the next one may be taken');
});

test('where nothing can be written, nobody is asked', (t) => {
  const { profiles, sent } = open(t, null);
  assert.equal(profiles.record(first, cpu).code, 'not-configured');
  t.mock.timers.reset();
  const refuse = () => ({ ok: false, error: '--snapshot-dir: it is a link' }) as const;
  const unsafe = open(t, { ...folder, place: refuse, folder: refuse });
  const { accepted, message } = unsafe.profiles.record(first, cpu);
  assert.deepEqual([accepted, message], [false, '--snapshot-dir: it is a link']);
  assert.deepEqual([sent, unsafe.sent], [[], []]);
});

test('a name holds the worker, its process, the time and chance', () => {
  const at = Date.UTC(2026, 10, 25, 18, 30, 1);
  assert.equal(
    recordingName('cpu', { worker: 2, pid: 4711, at, random: '1a2b3c4d' }),
    'cpu-worker-2-pid-4711-20261125T183001Z-1a2b3c4d.cpuprofile',
  );
  assert.match(
    recordingName('heap-snapshot', { ...first, at, random: 'ff' }),
    /^heap-worker-1-pid-100-.*-ff\.heapsnapshot$/,
  );
  assert.match(
    recordingName('heap-profile', { ...first, at, random: 'ff' }),
    /^heap-profile-worker-1-.*\.heapprofile$/,
  );
});

test('the frames of a profile arrive as they were sent, and nothing else is one', () => {
  const order = { type: 'profile', id: 1, kind: 'cpu', seconds: 5, file: '/a', room: 7 } as const;
  assert.deepEqual(decodeMasterFrame(encodeFrame(order)), order);
  for (const wrong of [
    { kind: 'heap' },
    { seconds: 1e9 },
    { seconds: '5' },
    { file: 7 },
    { id: -1 },
    { room: -1 },
  ]) {
    assert.equal(decodeMasterFrame(JSON.stringify({ ...order, ...wrong })), null);
  }
  for (const problem of [null, 'no room']) {
    const answer = { type: 'profile', id: 1, problem, found: 'much' } as const;
    assert.deepEqual(decodeWorkerFrame(encodeFrame(answer)), answer);
  }
  assert.equal(decodeWorkerFrame('{"type":"profile","id":1}'), null);
  assert.equal(decodeWorkerFrame('{"type":"profile","id":1,"problem":null}'), null);
  const progress = {
    type: 'profile-progress',
    id: 1,
    stage: '40 % of the heap is visited',
  } as const;
  assert.deepEqual(decodeWorkerFrame(encodeFrame(progress)), progress);
  assert.equal(decodeWorkerFrame(encodeFrame({ ...progress, stage: 'x'.repeat(201) })), null);
});

test('a collection of garbage needs no folder, and its outcome says what it changed', async (t) => {
  const { profiles, sent } = open(t, null);
  const result = profiles.record(first, { kind: 'gc', seconds: 0 });
  assert.equal(result.message, 'collecting the garbage of worker 1 (pid 100)');
  assert.deepEqual(
    sent.map(({ file }) => file),
    [''],
  );
  const found = 'heap 9M before, 4M after';
  profiles.answer(100, { type: 'profile', id: sent[0]?.id ?? 0, problem: null, found });
  assert.equal((await result.outcome)?.message, `worker 1 (pid 100): ${found}`);
});

test('the outcome of a heap profile has the top functions below its file', async (t) => {
  const { profiles, sent } = open(t);
  const result = profiles.record(first, { kind: 'heap-profile', seconds: 2 });
  const found = 'about 9M allocated, most by\n  5M 55%  grow (/app.js:1:2)';
  profiles.answer(100, { type: 'profile', id: sent[0]?.id ?? 0, problem: null, found });
  const [line, ...others] = String((await result.outcome)?.message).split('\n');
  assert.equal(line, `worker 1 (pid 100): 2 s of heap profile in ${sent[0]?.file ?? ''}`);
  assert.equal(others.join('\n'), found);
});

test('a snapshot is refused where less than twice the heap is free, with both numbers', (t) => {
  const MB = 1024 * 1024;
  const { profiles, sent } = open(t, folder, { machine: 800 * MB, group: 150 * MB });
  const refused = profiles.record({ ...first, heap: 100 * MB }, snapshot);
  assert.deepEqual([refused.accepted, refused.code, sent], [false, 'failed', []]);
  assert.match(refused.message, /takes about 200M .* its heap of 100M, and 150M is free under the/);
  assert.equal(profiles.record({ ...first, heap: 75 * MB }, snapshot).accepted, true);
  assert.equal(profiles.record({ ...second, heap: 100 * MB }, cpu).accepted, true);
});

test('a snapshot is refused where its heap would not fit on the disk, with place, figures and remedy', (t) => {
  const MB = 1024 * 1024;
  let free: number | null = 163 * MB;
  const { profiles, sent } = open(t, { ...folder, free: () => free });
  const target = { ...first, heap: 100 * MB };
  const refused = profiles.record(target, snapshot);
  assert.deepEqual([refused.accepted, refused.code, sent], [false, 'failed', []]);
  assert.match(
    refused.message,
    /worker 1 .* its heap of 100M.* 163M is free in \/snapshots.* 64M .*: free some .*--snapshot-dir/,
  );
  free = 164 * MB;
  assert.equal(profiles.record(target, snapshot).accepted, true);
  free = null;
  assert.equal(profiles.record(second, snapshot).accepted, true, 'nobody tells');
});

test('what is small, or needs no file, is recorded on a full disk', (t) => {
  const { profiles } = open(t, { ...folder, free: () => 0 });
  assert.equal(profiles.record(first, cpu).accepted, true);
  assert.equal(profiles.record(second, { kind: 'gc', seconds: 0 }).accepted, true);
});

test('the room on the disk is that of the folder, and unknown where there is none', (t) => {
  const { uid, gid } = userInfo();
  const there = makeFolder(t, {});
  const free = snapshotDirectory(there, { uid, gid }, 1).free() ?? -1;
  assert.ok(Number.isInteger(free) && free >= 0, String(free));
  assert.equal(snapshotDirectory(path.join(there, 'none'), { uid, gid }, 1).free(), null);
});

test('a snapshot lasts as long as it goes on, and tells how far it is', async (t) => {
  const { profiles, sent } = open(t);
  const result = profiles.record(first, snapshot);
  const told: string[] = [];
  result.progress?.((message) => told.push(message));
  const id = sent[0]?.id ?? 0;
  for (const stage of ['10 %', '20 %', '30 %']) {
    t.mock.timers.tick(100_000);
    profiles.answer(100, { type: 'profile-progress', id, stage });
    profiles.answer(200, { type: 'profile-progress', id, stage: 'of another process' });
  }
  assert.deepEqual(
    told,
    ['10 %', '20 %', '30 %'].map((stage) => `worker 1 (pid 100): ${stage}`),
  );
  t.mock.timers.tick(120_000);
  assert.match((await result.outcome)?.message ?? '', /no snapshot came/);
});
