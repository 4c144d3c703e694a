import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecodedInstance } from '../../../shared/stats.js';
import { diagnose } from '../../../top/model/diagnosis.js';
import { arrival, instanceAt, play, start, STUCK, tick } from '../../support/dashboard.js';
import { busyCore, instance, NOW, worker } from '../../support/stats-builder.js';
import { queueDocument } from '../../support/queue-scenes.js';
import { EMPEROR, uwsgiInstance, uwsgiWorker } from '../../support/uwsgi-documents.js';

function said(document: DecodedInstance, damaged = false): string | null {
  const { model } = play(start(), [tick(1), instanceAt(1, document, damaged)]);
  const found = diagnose(model);
  if (found === null) return null;
  assert.ok(found.short.length <= 18, `"${found.short}" is too long for 20 columns`);
  return `${found.severity}: ${found.text}`;
}

const crash = { pid: 7, code: 1, signal: null, reason: 'crash', at: NOW - 3, stderr: [] };
const slow = busyCore(0, 'GET', '/slow', 12);
const SOCKET = instance([]).sockets[0]!;

test('when all is well nothing is said', () => {
  assert.equal(said(instance([worker(1), worker(2, { status: 'busy', cores: [slow] })])), null);
  assert.equal(said(instance([])), null);
});

test('a blocked loop is named with its time, its oldest request and who waits behind it', () => {
  const cores = [busyCore(0, 'GET', '/block?s=30', 8.5)];
  assert.equal(
    said(instance([worker(1), worker(3, { ...STUCK, cores })])),
    'alarm: worker 3 blocked 8.4 s in GET /block?s=30 · 11 wait behind it',
  );
  assert.equal(
    said(instance([worker(1, { stalled_ms: 2000 }), worker(2, { stalled_ms: 61_000 })])),
    'alarm: worker 2 blocked 1m01s · 1 more like it',
  );
});

test('a short stall is not worth a word', () => {
  assert.equal(said(instance([worker(1, { stalled_ms: 900 })])), null);
});

test('a worker in back-off is named with its last exit', () => {
  const down = worker(2, { state: 'backoff', pid: 0, last_exit: crash });
  assert.equal(
    said(instance([worker(1), down])),
    'alarm: worker 2 waits before its respawn: it ended with exit code 1 (crash) 3.0 s ago',
  );
});

test('no running worker at all is an alarm, cheap ones are not', () => {
  assert.equal(said(instance([worker(1, { pid: 0 })])), 'alarm: no worker is running');
  assert.equal(said(instance([worker(1, { pid: 0, status: 'cheap' })])), null);
});

test('all workers busy while requests wait is said with the numbers', () => {
  const busy = { status: 'busy', cores: [slow], queue_depth: 4 };
  assert.equal(
    said(instance([worker(1, busy), worker(2, busy)], { listen_queue: 3 })),
    'alarm: all 2 workers are busy and 11 wait: 3 to be accepted, 8 in the workers · the oldest runs for 12 s',
  );
  assert.equal(
    said(uwsgiInstance({ workers: [uwsgiWorker(1, { status: 'busy' })] })),
    'alarm: the only worker is busy and 4 wait to be accepted',
  );
  assert.equal(said(instance([worker(1, busy), worker(2)], { listen_queue: 3 })), null);
});

test('a listen queue near its limit is said', () => {
  const sockets = [{ ...SOCKET, queue: 85 }];
  assert.equal(
    said(instance([worker(1)], { sockets, listen_queue: 85 })),
    'alarm: the listen queue of 127.0.0.1:8000 is nearly full: 85 of 100',
  );
});

test('a pause is said, with who waits for its end', () => {
  const workers = [1, 2].map((id) => worker(id, { status: 'pause', accepting: 0 }));
  assert.equal(
    said(instance(workers)),
    'attention: paused: no worker accepts, nobody waits · SIGCONT to the master resumes',
  );
  assert.match(said(instance(workers, { listen_queue: 2 })) ?? '', /accepts, 2 wait to be acc/);
  const finishing = worker(3, { status: 'busy', accepting: 0 });
  assert.equal(said(instance([...workers, finishing])), null, 'it has not come to rest yet');
});

test('a start that takes long is said, a fresh one is not', () => {
  const starting = (since: number) =>
    worker(5, { state: 'starting', last_spawn: NOW - since, status: 'idle' });
  assert.equal(said(instance([starting(34)])), 'attention: worker 5 has been starting for 34 s');
  assert.equal(said(instance([starting(4)])), null);
});

test('a reload is told while it runs, and why when it was abandoned', () => {
  const reload = { state: 'running', replaced: 3, total: 12, reason: '', ended_at: 0 } as const;
  assert.equal(said(instance([worker(1)], { reload })), 'notice: reload: 3 of 12 workers replaced');
  const abandoned = { ...reload, state: 'abandoned', reason: 'app.js: \u001b[1mno' } as const;
  assert.equal(
    said(instance([worker(1)], { reload: abandoned })),
    'attention: reload abandoned: app.js: ?[1mno · the old workers stay',
  );
});

test('a new master is told of while it starts, and why and when it was abandoned', () => {
  const upgrade = { state: 'running', reason: '', ended_at: 0 } as const;
  assert.match(said(instance([worker(1)], { upgrade })) ?? '', /^notice: a new master is being/);
  const abandoned = { state: 'abandoned', reason: 'no such file', ended_at: NOW - 34 } as const;
  assert.equal(
    said(instance([worker(1)], { upgrade: abandoned })),
    'attention: the new master was abandoned 34 s ago, this one stays: no such file',
  );
});

test('a real uWSGI, which knows no stalls, is still asked for its oldest request', () => {
  const cores = [busyCore(0, 'GET', '/slow?s=99', 40)];
  const workers = uwsgiInstance().workers.map((one) => (one.id === 2 ? { ...one, cores } : one));
  assert.equal(
    said(uwsgiInstance({ workers })),
    'attention: worker 2 has been at GET /slow?s=99 for 40 s',
  );
});

test('a process that drains is only a notice', () => {
  const draining = [{ pid: 77, in_flight: 2, since: NOW - 4 }];
  assert.equal(
    said(instance([worker(1, { draining })])),
    'notice: worker 1: the process before it (pid 77) has been finishing 2 requests for 4.0 s',
  );
});

test('a damaged document is said last', () => {
  assert.match(said(instance([worker(1)]), true) ?? '', /^notice: the document was damaged/);
});

test('an Emperor is not diagnosed', () => {
  const seen = arrival(1, { kind: 'emperor', emperor: EMPEROR, damaged: true });
  assert.equal(diagnose(play(start(), [seen]).model), null);
});

test('a paused queue is named with what waits in it', () => {
  assert.equal(
    said(queueDocument({ paused: 1 })),
    'attention: queue /var/spool/cats is paused, 120 tasks wait',
  );
  assert.equal(
    said(queueDocument({ paused: 1, waiting: 1 })),
    'attention: queue /var/spool/cats is paused, 1 task waits',
  );
  assert.equal(
    said(queueDocument({ paused: 1, waiting: 0 })),
    'notice: queue /var/spool/cats is paused, no task waits',
  );
  assert.equal(
    said(queueDocument({ paused: 1, waiting: null })),
    'notice: queue /var/spool/cats is paused',
  );
});

test('tasks that failed for good are worth a word, and where to find them', () => {
  assert.equal(
    said(queueDocument()),
    'notice: 3 tasks of queue /var/spool/cats failed for good · 6 and Enter list them',
  );
  assert.equal(said(queueDocument({ failed: 0 })), null);
});

test('a queue whose spoolers have all died is an alarm', () => {
  assert.equal(
    said(queueDocument({ state: 'backoff', pid: 0 })),
    'alarm: queue /var/spool/cats has no spooler: 2 wait before the respawn',
  );
  assert.equal(said(queueDocument({ state: 'starting', failed: 0 })), null);
});
