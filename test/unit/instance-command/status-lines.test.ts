import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isServing, statusLines } from '../../../server/instance-command/status-lines.js';
import type { DecodedInstance, DecodedWorker } from '../../../shared/stats.js';

function worker(id: number, more: Partial<DecodedWorker>): DecodedWorker {
  return { id, pid: 100 + id, status: 'idle', ...more };
}

const INSTANCE: DecodedInstance = {
  ...{ pid: 7, version: '0.1.0', node: 'v20.18.1', name: 'cats', start_time: 1000, time: 1061.4 },
  ...{ in_flight: 3, listen_queue: 2 },
  upgrade: { state: 'abandoned', reason: 'its worker 1 died', ended_at: 1050 },
  reload: { state: 'none', replaced: 0, total: 0, reason: '', ended_at: 0 },
  events: [{ time: 0, kind: 'task-failed', subject: '1', text: 'a task failed' }],
  workers: [
    worker(1, { state: 'ready', requests: 10, in_flight: 3 }),
    worker(2, { state: 'starting', requests: 5, in_flight: 0 }),
  ],
};

test('a status is a name and a value a line', () => {
  assert.deepEqual(statusLines(INSTANCE), [
    'state: serving',
    'name: cats',
    'pid: 7',
    'version: 0.1.0',
    'node: v20.18.1',
    'uptime_s: 61',
    'workers: 2',
    'workers_ready: 1',
    'workers_busy: 1',
    'requests: 15',
    'in_flight: 3',
    'listen_queue: 2',
    'upgrade: abandoned: its worker 1 died',
    'event: 1970-01-01T00:00:00Z a task failed',
  ]);
});

test('what a server does not tell is left out', () => {
  const lines = statusLines({ workers: [] });
  assert.deepEqual(lines, [
    ...['state: not serving', 'uptime_s: 0', 'workers: 0', 'workers_ready: 0', 'workers_busy: 0'],
    'requests: 0',
  ]);
});

test('one worker that is ready is enough to serve, and a text is one line whatever is in it', () => {
  assert.equal(isServing(INSTANCE), true);
  assert.equal(isServing({ workers: [worker(1, { state: 'starting' })] }), false);
  const [, name] = statusLines({ ...INSTANCE, name: 'a\nstate: \u001b[31mred' });
  assert.equal(name, String.raw`name: a\x0astate: \x1b[31mred`);
});
