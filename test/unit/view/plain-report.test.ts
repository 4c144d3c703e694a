import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DecodedInstance } from '../../../shared/stats.js';
import { plainReport } from '../../../top/view/plain-report.js';
import { timeOfDay } from '../../../top/view/time-of-day.js';
import { anyInstance } from '../../support/arbitraries.js';
import { readingsOf } from '../../support/readings.js';
import { instance, NOW, router, worker } from '../../support/stats-builder.js';

/** What is said of the last of these documents, without the time. */
function said(...instances: readonly DecodedInstance[]): string[] {
  const write = plainReport();
  const texts = readingsOf(...instances).map(write);
  return (texts.at(-1) ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.replace(/^\d\d:\d\d:\d\d /, ''));
}

const calm = (second = 0): DecodedInstance =>
  instance([worker(1), worker(2)], { time: NOW + second });

/** Two workers, of which the second changed. */
const changed = (change: Parameters<typeof worker>[1], second = 1): DecodedInstance =>
  instance([worker(1), worker(2, change)], { time: NOW + second });

test('the first line tells how things stand, under the time of the server', () => {
  const [reading] = readingsOf(calm());
  assert.ok(reading);
  assert.equal(
    plainReport()(reading),
    `${timeOfDay(NOW)} catserve, tsuwsgi 0.1.0: 2 workers, 2 idle, 203,351 requests so far\n`,
  );
});

test('where nothing changed nothing is said, once the rate is known', () => {
  assert.deepEqual(said(calm(), calm(1)), ['requests 0/s']);
  assert.deepEqual(said(calm(), calm(1), calm(2)), []);
});

test('a worker that turns busy, stuck or back is told', () => {
  const idle = calm(1);
  assert.deepEqual(said(calm(), idle, changed({ status: 'busy' }, 2)), ['worker 2 became busy']);
  const stuck = changed({ status: 'busy', stalled_ms: 2000 }, 2);
  assert.deepEqual(said(calm(), idle, stuck), ['worker 2 is stuck: its event loop is blocked']);
  assert.deepEqual(said(calm(), idle, stuck, calm(3)), ['worker 2 turns again, idle']);
});

test('a death is told with its cause and its heir, an orderly end as such', () => {
  const exit = { pid: 21_410, code: null, signal: 'SIGKILL', at: NOW, stderr: [] };
  const heir = { pid: 412, last_spawn: NOW };
  const killed = changed({ ...heir, last_exit: { ...exit, reason: 'crash' } }, 2);
  assert.deepEqual(said(calm(), calm(1), killed), [
    'worker 2 died: killed by SIGKILL (crash), pid 412 replaced it',
  ]);
  const reloaded = { ...exit, code: 17, signal: null, reason: 'reload' };
  assert.deepEqual(said(calm(), calm(1), changed({ ...heir, last_exit: reloaded }, 2)), [
    'worker 2 ended in order (reload), pid 412 replaced it',
  ]);
  const nobody = { pid: 0, state: 'backoff', last_exit: { ...exit, reason: 'boot' } } as const;
  assert.deepEqual(said(calm(), calm(1), changed(nobody, 2)), [
    'worker 2 died: killed by SIGKILL (boot), the next one waits',
  ]);
});

test('the exit of an earlier process is not taken for that of this one', () => {
  const exit = { pid: 7, code: 1, signal: null, reason: 'crash', at: NOW, stderr: [] };
  assert.deepEqual(said(calm(), calm(1), changed({ pid: 412, last_exit: exit }, 2)), [
    'worker 2 has a new process: pid 412 replaced 21410',
  ]);
});

test('a rate is told again when it changed by more than a tenth', () => {
  const after = (requests: number, second: number): DecodedInstance =>
    instance([worker(1, { requests })], { time: NOW + second });
  const steps = [after(0, 0), after(1000, 1)];
  assert.deepEqual(said(...steps), ['requests 1,000/s']);
  assert.deepEqual(said(...steps, after(2050, 2)), []);
  assert.deepEqual(said(...steps, after(2050, 2), after(3350, 3)), ['requests 1,300/s']);
});

test('a new start of the server is told, and nothing is compared across it', () => {
  const anew = instance([worker(1, { pid: 5, requests: 0 })], { boot_id: 'boot-2' });
  assert.deepEqual(said(calm(), anew), [
    'the server was started anew. catserve, tsuwsgi 0.1.0: 1 worker, 1 idle, 0 requests so far',
  ]);
});

test('whatever a server says, lines are lines and hold nothing that a terminal obeys', () => {
  fc.assert(
    fc.property(anyInstance, anyInstance, (one, other) => {
      const write = plainReport();
      for (const text of readingsOf(one, other).map(write)) {
        assert.match(text, /^((\d\d:\d\d:\d\d|--:--:--) [^\p{C}\p{M}]+\n)*$/u);
      }
    }),
  );
});

const routed = (state: 'up' | 'down' | 'trying', second = 0): DecodedInstance => {
  const backend = { address: 'http://cats:80', in_flight: 0, requests: 9, errors: 0, state };
  return instance([], {
    time: NOW + second,
    routers: [router(1, { requests: 10, backends: [backend] })],
  });
};

test('routers alone are told with their back ends, and one that goes or comes back is told', () => {
  assert.deepEqual(said(routed('down')), [
    'catserve, tsuwsgi 0.1.0: 1 router, 1 back end, 1 of them down, 10 requests so far',
  ]);
  const up = [routed('up'), routed('up', 1)];
  assert.deepEqual(said(...up, routed('down', 2)), ['back end http://cats:80 is down']);
  assert.deepEqual(said(...up, routed('down', 2), routed('trying', 3)), []);
  assert.deepEqual(said(...up, routed('down', 2), routed('up', 3)), [
    'back end http://cats:80 is up again',
  ]);
});
