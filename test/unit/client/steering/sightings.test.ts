import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKnown, sightingOf } from '../../../../top/client/steering/sightings.js';
import { uwsgiInstance, uwsgiWorker } from '../../../support/uwsgi-documents.js';

const BEFORE = uwsgiInstance({ workers: [uwsgiWorker(1), uwsgiWorker(2)] });
const renewed = (id: number) => uwsgiWorker(id, { pid: 20_000 + id, respawn_count: 2 });

test('a reload is over when every worker is a new process that has filled in its row', () => {
  const seen = sightingOf({ name: 'reload' }, BEFORE);
  const [one, two] = [renewed(1), renewed(2)];
  assert.equal(seen(BEFORE), null);
  assert.equal(seen(uwsgiInstance({ workers: [one, uwsgiWorker(2)] })), null);
  assert.equal(seen(uwsgiInstance({ workers: [one, { ...two, pid: 0 }] })), null);
  assert.equal(seen(uwsgiInstance({ workers: [one, { ...two, id: 0 }] })), null);
  const done = uwsgiInstance({ workers: [one, two] });
  assert.equal(seen(done), '2 workers run as new processes');
});

test('a worker is replaced when its id has another process', () => {
  const command = { name: 'reload-worker', worker: 2, pid: 11_574, spawned: 0 } as const;
  const spawned = BEFORE.workers[1]?.last_spawn ?? 0;
  const seen = sightingOf({ ...command, spawned }, BEFORE);
  assert.equal(seen(BEFORE), null);
  assert.equal(seen(uwsgiInstance({ workers: [renewed(1), uwsgiWorker(2)] })), null);
  assert.equal(seen(uwsgiInstance({ workers: [renewed(2)] })), 'worker 2 runs as pid 20002');
});

test('a pause and a number of workers are seen, and what uWSGI does not know is not waited for', () => {
  const paused = uwsgiInstance({ workers: [uwsgiWorker(1, { status: 'pause' })] });
  assert.equal(sightingOf({ name: 'pause', paused: true }, BEFORE)(BEFORE), null);
  assert.match(sightingOf({ name: 'pause', paused: true }, BEFORE)(paused) ?? '', /no worker/);
  assert.equal(sightingOf({ name: 'scale', workers: 2 }, paused)(BEFORE), '2 workers run');
  assert.equal(sightingOf({ name: 'scale', workers: 1 }, BEFORE)(paused), '1 worker runs');
  assert.equal(isKnown({ name: 'stop' }), false);
  assert.equal(isKnown({ name: 'pause', paused: true }), true);
});
