import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inFlightCount, inFlightRequests } from '../../../top/model/in-flight.js';
import { totalsOf } from '../../../top/model/totals.js';
import { isServing, workerCondition } from '../../../top/model/worker-state.js';
import { busyCore, idleCore, instance, NOW, worker } from '../../support/stats-builder.js';
import { uwsgiInstance, uwsgiWorker } from '../../support/uwsgi-documents.js';

test("uWSGI's own words stay as they are", () => {
  for (const status of ['idle', 'busy', 'pause', 'cheap', 'sig17']) {
    assert.equal(workerCondition(uwsgiWorker(1, { status })).word, status);
  }
  assert.equal(workerCondition(uwsgiWorker(1, { status: 'sig17' })).kind, 'signal');
});

test('a status of the future is shown, made safe, as unknown', () => {
  assert.deepEqual(workerCondition(uwsgiWorker(1, { status: 'zen\u009b' })), {
    kind: 'unknown',
    word: 'zen?',
  });
  assert.equal(workerCondition(uwsgiWorker(1, { status: '' })).word, 'unknown');
});

test('no process under an id is dead, unless it is cheap', () => {
  assert.equal(workerCondition(uwsgiWorker(1, { pid: 0 })).kind, 'dead');
  assert.equal(workerCondition(uwsgiWorker(0, { pid: 0, status: 'cheap' })).kind, 'cheap');
});

test('the supervisor knows more than the status word', () => {
  assert.equal(workerCondition(worker(1, { state: 'starting' })).kind, 'start');
  assert.equal(workerCondition(worker(1, { state: 'draining' })).kind, 'drain');
  assert.equal(workerCondition(worker(1, { state: 'backoff', pid: 0 })).kind, 'backoff');
  assert.equal(workerCondition(worker(1, { state: 'dead', pid: 0 })).kind, 'dead');
  assert.equal(workerCondition(worker(1, { state: 'draining', stalled_ms: 1000 })).kind, 'stuck');
});

test('only workers that take requests are capacity', () => {
  assert.equal(isServing(worker(1)), true);
  assert.equal(isServing(worker(1, { status: 'busy' })), true);
  assert.equal(isServing(worker(1, { stalled_ms: 5000 })), false);
  assert.equal(isServing(worker(1, { state: 'starting' })), false);
  assert.equal(isServing(worker(1, { pid: 0 })), false);
});

test('requests in flight are read from the cores, oldest first, and made safe', () => {
  const cores = [
    busyCore(0, 'GET', '/new', 1),
    idleCore(1),
    busyCore(2, 'PO\u001bST', '/old?\u202e', 9),
    { ...busyCore(3, 'GET', '/no-start', 0), req_info: {} },
    { ...busyCore(4, 'GET', '', 0), vars: ['PATH_INFO=/path', ''], req_info: {} },
  ];
  const found = inFlightRequests(worker(1, { cores }), NOW);
  assert.deepEqual(
    found.map(({ core, method, uri, age }) => [core, method, uri, age]),
    [
      [2, 'PO?ST', '/old??', 9],
      [0, 'GET', '/new', 1],
      [3, 'GET', '/no-start', null],
      [4, '?', '/path', null],
    ],
  );
});

test('a clock that runs behind the server gives no negative age', () => {
  const cores = [busyCore(0, 'GET', '/', -5)];
  assert.equal(inFlightRequests(worker(1, { cores }), NOW)[0]?.age, 0);
  assert.equal(inFlightRequests(worker(1, { cores }), null)[0]?.age, null);
});

test('how many are in flight is unknown without cores', () => {
  assert.equal(inFlightCount({ id: 1, pid: 1, status: 'busy' }), null);
  assert.equal(inFlightCount(uwsgiWorker(1, { cores: [busyCore(0, 'GET', '/', 1)] })), 1);
  assert.equal(inFlightCount(worker(1, { in_flight: 300 })), 300);
});

test('totals tell unknown from zero', () => {
  const nothing = totalsOf({ workers: [] });
  assert.equal(nothing.requests, null);
  assert.equal(nothing.listen, null);
  assert.equal(nothing.queue, null);
  assert.equal(totalsOf(instance([worker(1)])).queue, 0);
  assert.equal(totalsOf(instance([worker(1)], { async: 0 })).queue, null);
  assert.equal(totalsOf(uwsgiInstance()).cpu, null);
  assert.equal(totalsOf(instance([worker(1, { cpu: 20 })])).cpu, 21);
});

test('the listen queue shown is the fullest, with its own limit', () => {
  const [socket] = instance([]).sockets;
  assert.ok(socket !== undefined);
  const sockets = [socket, { ...socket, name: '/run/a.sock', queue: 9, max_queue: 50 }];
  const { listen, listenMax } = totalsOf(instance([], { sockets, listen_queue: 9 }));
  assert.deepEqual([listen, listenMax], [9, 50]);
});
