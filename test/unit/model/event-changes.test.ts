import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventsAfter, exitOf, told } from '../../support/happened.js';
import { instance, NOW, worker } from '../../support/stats-builder.js';
import { uwsgiInstance, uwsgiWorker } from '../../support/uwsgi-documents.js';

const RELOAD = { state: 'none', replaced: 0, total: 0, reason: '', ended_at: 0 } as const;
const quiet = { reload: RELOAD };
const uwsgi = (...workers: Parameters<typeof uwsgiWorker>[]) =>
  uwsgiInstance({ workers: workers.map((one) => uwsgiWorker(...one)), sockets: [] });

test('a worker that died is followed by its respawn, in this order', () => {
  const before = instance([worker(3)], quiet);
  const respawned = { pid: 30_144, last_spawn: NOW, last_exit: exitOf({ at: NOW }) };
  const after = instance([worker(3, respawned)], { ...quiet, time: NOW + 0.4 });
  assert.deepEqual(told(eventsAfter(before, after, after)), [
    'death: worker 3 (pid 21411) crashed · exit code 1',
    'spawn: worker 3 runs as pid 30144 in the place of 21411',
  ]);
});

test('of a uWSGI, which keeps no records, another pid under an id is a respawn', () => {
  const before = uwsgi([1], [2]);
  const after = uwsgi([1], [2, { pid: 12_000, respawn_count: 2, last_spawn: NOW + 1 }]);
  assert.deepEqual(told(eventsAfter(before, after, after)), [
    'respawn: worker 2 runs as pid 12000 in the place of 11574',
  ]);
});

test('a uWSGI that was reloaded is told by all workers that begin again', () => {
  const before = uwsgi([1, { harakiri_count: 3 }], [2]);
  const again = { respawn_count: 1, last_spawn: NOW + 1 };
  const after = uwsgi([1, { ...again, pid: 12_001 }], [2, { ...again, pid: 12_002 }]);
  assert.deepEqual(told(eventsAfter(before, after)), [
    'reload: uWSGI reloaded: 2 workers replaced, counters begin again',
    'spawn: worker 1 runs as pid 12001 in the place of 11573',
    'spawn: worker 2 runs as pid 12002 in the place of 11574',
  ]);
});

test('a count of harakiris that rises is an event, one that begins again is none', () => {
  const counts = [1, 3, 3, 0, 0].map((count) => uwsgi([1, { harakiri_count: count }]));
  assert.deepEqual(told(eventsAfter(...counts)), [
    'harakiri: worker 1 (pid 11573): 2 requests took too long',
  ]);
});

test('a uWSGI worker that is killed by harakiri is respawned after it, in this order', () => {
  const before = uwsgi([1, { harakiri_count: 0 }]);
  const respawned = { harakiri_count: 1, pid: 12_000, respawn_count: 2, last_spawn: NOW };
  assert.deepEqual(told(eventsAfter(before, uwsgi([1, respawned]))), [
    'harakiri: worker 1 (pid 11573): 1 request took too long',
    'respawn: worker 1 runs as pid 12000 in the place of 11573',
  ]);
});

test('the never spawned workers of a uWSGI, all with id 0, are nobody', () => {
  const never = uwsgi([0, { pid: 0, status: 'cheap' }], [0, { pid: 0, status: 'cheap' }]);
  assert.deepEqual(eventsAfter(never, never), []);
});

test('a worker that a new configuration adds is told when it has its process', () => {
  const before = instance([worker(1)], quiet);
  const spawning = instance([worker(1), worker(2, { pid: 0, status: 'cheap' })], quiet);
  const after = instance([worker(1), worker(2, { pid: 30_144 })], quiet);
  const text = 'spawn: worker 2 runs as pid 30144';
  assert.deepEqual(told(eventsAfter(before, after, after)), [text]);
  assert.deepEqual(told(eventsAfter(before, spawning, after)), [
    text,
    'scale: scaled up from 1 to 2 workers',
  ]);
});

test('a uWSGI worker that has its first process is told, though it had no id before', () => {
  const before = uwsgi([1], [0, { pid: 0, status: 'cheap' }]);
  const after = uwsgi([1], [2, { pid: 12_000, respawn_count: 1, last_spawn: NOW }]);
  assert.deepEqual(told(eventsAfter(before, after)), [
    'spawn: worker 2 runs as pid 12000',
    'scale: scaled up from 1 to 2 workers',
  ]);
});

test('a listen queue is told when it fills and when it drains, not in between', () => {
  const queued = (queue: number, errors = 0) => ({
    ...uwsgiInstance({ workers: [uwsgiWorker(1)], listen_queue_errors: errors }),
    sockets: [{ name: ':80', proto: 'http', queue, max_queue: 100, shared: 0, can_offload: 0 }],
  });
  assert.deepEqual(told(eventsAfter(queued(4), queued(100), queued(101, 2), queued(7, 2))), [
    'queue: the listen queue of :80 is full: 100 connections wait',
    'queue: the listen queue overflowed 2 times, 2 in all',
    'queue: the listen queue of :80 is no longer full',
  ]);
});

test('a reload and an upgrade are told when they begin', () => {
  const running = { ...RELOAD, state: 'running', total: 4 } as const;
  const upgrade = { state: 'running', reason: '', ended_at: 0 } as const;
  const documents = [
    instance([worker(1)], quiet),
    instance([worker(1)], { reload: running, upgrade, time: NOW + 1 }),
    instance([worker(1)], { reload: running, upgrade, time: NOW + 2 }),
  ];
  assert.deepEqual(told(eventsAfter(...documents)), [
    'reload: a reload of 4 workers began',
    'upgrade: a new master is starting',
  ]);
});

test('scaling and a pause are told once for all workers', () => {
  const with2 = (second: Parameters<typeof worker>[1], time: number) =>
    instance([worker(1), worker(2, second)], { ...quiet, time: NOW + time });
  const cheap = { status: 'cheap', state: 'cheap', pid: 0 } as const;
  assert.deepEqual(told(eventsAfter(with2({}, 0), with2(cheap, 1), with2(cheap, 2))), [
    'scale: scaled down from 2 to 1 worker',
  ]);
  const paused = instance([worker(1, { status: 'pause' })], { ...quiet, time: NOW + 1 });
  assert.deepEqual(told(eventsAfter(instance([worker(1)], quiet), paused, paused)), [
    'pause: paused: no worker accepts connections',
  ]);
});

test('another master is one event, and what else differs is its configuration', () => {
  const before = instance([worker(1)], quiet);
  const after = instance([worker(1, { pid: 5 })], {
    ...{ ...quiet, boot_id: 'boot-2', pid: 77, start_time: NOW + 1, time: NOW + 2 },
    ...{ version: '0.2.0', async: 32 },
  });
  assert.deepEqual(told(eventsAfter(before, after, after)), [
    'master: another master answers (pid 21400, now 77): its counters begin again',
    'config: version 0.1.0 -> 0.2.0, async 16 -> 32',
  ]);
});

test('a document that comes again, as after a resynchronisation, tells nothing new', () => {
  const one = instance([worker(3, { last_exit: exitOf(), status: 'pause' })]);
  assert.equal(eventsAfter(one).length, eventsAfter(one, one, one).length);
});

test('what a master says itself of its new configuration is not told a second time', () => {
  const config = { files: [], read_at: 1, taken_at: 1, changed: [], pending: [], problems: [] };
  const before = instance([worker(1)], { ...quiet, config });
  const after = instance([worker(1), worker(2)], { ...quiet, config, async: 32, time: NOW + 1 });
  assert.deepEqual(
    told(eventsAfter(before, after)).filter((text) => text.startsWith('config')),
    [],
  );
});
