import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HarakiriReport } from '../../../server/master/decide/harakiri-report.js';
import { createRegistry } from '../../../server/master/decide/registry.js';
import { scopeOf } from '../../../server/stats/document/scope.js';
import type { Measured } from '../../../server/stats/document/sources.js';
import type { StatsDocument, WorkerStats } from '../../../shared/stats.js';
import { documentOf, measuredWith, WALL_MS } from '../../support/built-document.js';
import { MasterDriver } from '../../support/master-driver.js';
import { sampleWith } from '../../support/sample-builder.js';

/** The keys of uWSGI 2.0.21's document, in its order, with the types of their values. */
const UWSGI = {
  instance:
    'version:string listen_queue:number listen_queue_errors:number signal_queue:number load:number ' +
    'pid:number uid:number gid:number cwd:string locks:object sockets:object workers:object',
  socket: 'name:string proto:string queue:number max_queue:number shared:number can_offload:number',
  worker:
    'id:number pid:number accepting:number requests:number delta_requests:number exceptions:number ' +
    'harakiri_count:number signals:number signal_queue:number status:string rss:number vsz:number ' +
    'running_time:number last_spawn:number respawn_count:number tx:number avg_rt:number ' +
    'apps:object cores:object',
  app:
    'id:number modifier1:number mountpoint:string startup_time:number requests:number ' +
    'exceptions:number chdir:string',
  core:
    'id:number requests:number static_requests:number routed_requests:number ' +
    'offloaded_requests:number write_errors:number read_errors:number in_request:number ' +
    'vars:object req_info:object',
} as const;

function shape(value: object): string {
  return Object.entries(value)
    .map(([key, member]) => `${key}:${typeof member}`)
    .join(' ');
}

/** A request that took too long. */
const REPORT: HarakiriReport = {
  ...{ face: 'slow', core: 0, method: 'GET', uri: '/', peer: '::1', ageMs: 1234 },
  ...{ inFlight: 1, queued: 0, stack: [], flights: [], wallMs: WALL_MS, rss: 1, listenQueue: 0 },
};

function workerOf(document: StatsDocument, id: number): WorkerStats {
  const worker = document.workers.find((candidate) => candidate.id === id);
  assert.ok(worker);
  return worker;
}

describe('the stats document', () => {
  test("begins with uWSGI's keys in uWSGI's order and types, in every object", () => {
    const master = new MasterDriver(1);
    master.boot();
    const document = documentOf(master);
    const worker = workerOf(document, 1);
    assert.ok(shape(document).startsWith(`${UWSGI.instance} server:string `), shape(document));
    assert.ok(shape(worker).startsWith(`${UWSGI.worker} state:string `), shape(worker));
    assert.equal(shape(document.sockets[0] ?? {}), UWSGI.socket);
    assert.equal(shape(worker.apps[0] ?? {}), UWSGI.app);
    assert.equal(shape(worker.cores?.[0] ?? {}), UWSGI.core);
    for (const list of [document.locks, document.sockets, worker.apps, worker.cores]) {
      assert.ok(Array.isArray(list));
    }
  });

  test('has everything that uwsgitop reads, in the units it expects', () => {
    const master = new MasterDriver(1);
    const [pid = 0] = master.boot();
    const registry = createRegistry();
    registry.fold(
      1,
      pid,
      sampleWith({ requests: 4, exceptions: 1, tx: 2048, runningTime: 869, averageTime: 163 }),
    );
    const document = documentOf(master, { registry, measured: () => measuredWith() });
    assert.deepEqual(
      [document.version, document.listen_queue, document.cwd, document.uid, document.gid],
      ['0.1.0', 5, '/srv/app', 1000, 1000],
    );
    assert.equal(document.pid, 42);
    assert.equal(document.load, 5);
    const { id, requests, exceptions, signals, status, avg_rt, rss, vsz, tx } = workerOf(
      document,
      1,
    );
    assert.deepEqual(
      { id, requests, exceptions, signals, status, avg_rt, rss, vsz, tx },
      {
        id: 1,
        requests: 4,
        exceptions: 1,
        signals: 0,
        status: 'idle',
        avg_rt: 163,
        rss: 11e6,
        vsz: 62e6,
        tx: 2048,
      },
    );
    const worker = workerOf(document, 1);
    assert.equal(worker.running_time, 869);
    assert.equal(worker.last_spawn, 1_795_327_428, 'whole seconds');
    assert.equal(worker.respawn_count, 1);
    assert.equal(worker.harakiri_count, 0);
  });

  test('shows a request in flight on its core, as uWSGI does', () => {
    const master = new MasterDriver(1);
    const [pid = 0] = master.boot();
    const registry = createRegistry();
    const flight = { core: 1, started: 1_795_327_430, method: 'GET', uri: '/x', peer: '::1' };
    registry.fold(1, pid, sampleWith({ inFlight: 1, cores: [3, 0], flights: [flight] }));
    const worker = workerOf(documentOf(master, { registry }), 1);
    assert.equal(worker.status, 'busy');
    assert.equal(worker.in_flight, 1);
    assert.deepEqual(
      worker.cores?.map((core) => [core.id, core.requests, core.in_request]),
      [
        [0, 3, 0],
        [1, 0, 1],
      ],
    );
    const [idle, busy] = worker.cores ?? [];
    assert.deepEqual(busy?.vars, ['REQUEST_METHOD=GET', 'REQUEST_URI=/x', 'REMOTE_ADDR=::1', '']);
    assert.deepEqual(busy.req_info, { request_start: 1_795_327_430 });
    assert.deepEqual([idle?.vars, idle?.req_info], [[], {}]);
  });

  test('keeps totals over a respawn and starts the rest anew', () => {
    const master = new MasterDriver(1);
    const [old = 0] = master.boot();
    const registry = createRegistry();
    registry.fold(1, old, sampleWith({ requests: 9, tx: 90, buckets: [[1, 9]] }));
    registry.retire(1, old);
    master.now = 2000;
    master.killed(old);
    const dead = workerOf(documentOf(master, { registry }), 1);
    assert.deepEqual([dead.pid, dead.accepting, dead.requests, dead.state], [0, 0, 9, 'dead']);
    assert.deepEqual(dead.last_exit, {
      pid: old,
      code: null,
      signal: 'SIGKILL',
      reason: 'crash',
      at: 1_795_327_430,
      stderr: [],
    });
    const [fresh = 0] = master.spawnOrdered();
    const starting = workerOf(documentOf(master, { registry }), 1);
    assert.deepEqual([starting.pid, starting.accepting, starting.state], [fresh, 0, 'starting']);
    master.ready(fresh);
    registry.fold(1, fresh, sampleWith({ requests: 1, tx: 10, buckets: [[1, 1]] }));
    const worker = workerOf(documentOf(master, { registry }), 1);
    assert.deepEqual(
      [worker.pid, worker.requests, worker.delta_requests, worker.tx, worker.respawn_count],
      [fresh, 10, 1, 100, 2],
    );
    assert.deepEqual(worker.latency, { count: 10, sum_us: 0, buckets: [[1, 10]] });
    assert.equal(worker.ready_at, WALL_MS / 1000 + 2);
  });

  test('shows a reload, the process that drains, and how it ended', () => {
    const master = new MasterDriver(2);
    const [old = 0] = master.boot();
    const registry = createRegistry();
    master.reload(1);
    const [fresh = 0] = master.spawnOrdered();
    assert.deepEqual(documentOf(master).reload, {
      state: 'running',
      replaced: 0,
      total: 2,
      reason: '',
      ended_at: 0,
    });
    assert.equal(workerOf(documentOf(master), 1).pid, old, 'the one that serves is shown');
    master.ready(fresh);
    registry.fold(1, old, sampleWith({ inFlight: 2 }));
    const worker = workerOf(documentOf(master, { registry }), 1);
    assert.deepEqual(worker.draining, [{ pid: old, in_flight: 2, since: 1_795_327_428 }]);
    assert.deepEqual([worker.pid, worker.generation], [fresh, 1]);
    assert.equal(documentOf(master).reload.replaced, 1);
    for (const pid of master.spawnOrdered()) master.ready(pid);
    const { reload, generation } = documentOf(master);
    assert.deepEqual([reload.state, reload.replaced, generation], ['done', 2, 1]);
    assert.equal(reload.ended_at, WALL_MS / 1000);
  });

  test('tells a worker that is held back from one that is to be spawned', () => {
    const master = new MasterDriver(1);
    let [pid = 0] = master.boot();
    for (let death = 0; death < 4; death++) {
      master.killed(pid);
      [pid = 0] = master.spawnOrdered();
    }
    assert.equal(workerOf(documentOf(master), 1).state, 'backoff');
  });

  test('shows the start of a new master, and how it ended', () => {
    const master = new MasterDriver(1);
    master.boot();
    assert.deepEqual(documentOf(master).upgrade, { state: 'none', reason: '', ended_at: 0 });
    master.post({ type: 'upgrade' });
    assert.deepEqual(documentOf(master).upgrade, { state: 'running', reason: '', ended_at: 0 });
    master.post({ type: 'successor-failed', reason: 'no such file' });
    assert.deepEqual(documentOf(master).upgrade, {
      state: 'abandoned',
      reason: 'no such file',
      ended_at: WALL_MS / 1000,
    });
  });

  test('sums up what is in flight and what waits', () => {
    const master = new MasterDriver(2);
    const [one = 0, two = 0] = master.boot();
    const registry = createRegistry();
    registry.fold(1, one, sampleWith({ inFlight: 2, queued: 3 }));
    registry.fold(2, two, sampleWith({ inFlight: 1, queued: 4 }));
    const { in_flight, queue_depth } = documentOf(master, { registry });
    assert.deepEqual({ in_flight, queue_depth }, { in_flight: 3, queue_depth: 7 });
  });

  test('tells of the heap, the delay of the loop, the memory of its own and what was refused', () => {
    const master = new MasterDriver(1);
    const [pid = 0] = master.boot();
    const registry = createRegistry();
    const vitals = { heap: 5, heapTotal: 8, heapLimit: 99, loopDelay: 0.4, loopDelayMax: 17.3 };
    registry.fold(1, pid, sampleWith({ ...vitals, refused: [['duplicate_host', 2]] }));
    const measured = (): Measured => measuredWith({ uss: 7e6, pss: 9e6 });
    const worker = workerOf(documentOf(master, { registry, measured }), 1);
    assert.deepEqual([worker.heap_used, worker.heap_total, worker.heap_limit], [5, 8, 99]);
    assert.deepEqual([worker.loop_delay_ms, worker.loop_delay_max_ms], [0.4, 17.3]);
    assert.deepEqual([worker.uss, worker.pss], [7e6, 9e6]);
    assert.deepEqual(worker.refused, { duplicate_host: 2 });
    registry.retire(1, pid);
    const after = documentOf(master, { registry, listenQueueErrors: 6 });
    assert.deepEqual(workerOf(after, 1).refused, { duplicate_host: 2 }, 'a total never goes back');
    assert.deepEqual([workerOf(after, 1).uss, workerOf(after, 1).pss], [null, null]);
    assert.equal(after.listen_queue_errors, 6);
  });

  test('leaves out what the options say', () => {
    const master = new MasterDriver(1);
    const [pid = 0] = master.boot();
    const registry = createRegistry();
    const flight = { core: 0, started: 1, method: 'GET', uri: '/x?token=abc&n=1', peer: '::1' };
    registry.fold(1, pid, sampleWith({ inFlight: 1, flights: [flight] }));
    const report = { ...REPORT, uri: '/y?password=abc' };
    master.post({ type: 'harakiri', pid, report });
    const shown = (options: Parameters<typeof scopeOf>[0]) => {
      const document = documentOf(master, { registry, scope: scopeOf(options) });
      const { cores } = workerOf(document, 1);
      return { vars: cores?.[0]?.vars, uri: document.harakiris[0]?.uri };
    };
    const all = { noCores: false, noVars: false, redact: [] };
    const [method, peer] = ['REQUEST_METHOD=GET', 'REMOTE_ADDR=::1'];
    assert.deepEqual(shown(all), {
      vars: [method, 'REQUEST_URI=/x?token=***&n=1', peer, ''],
      uri: '/y?password=***',
    });
    assert.deepEqual(shown({ ...all, redact: ['N'] }), {
      vars: [method, 'REQUEST_URI=/x?token=***&n=***', peer, ''],
      uri: '/y?password=***',
    });
    assert.deepEqual(shown({ ...all, noVars: true }), { vars: [], uri: '' });
    assert.deepEqual(shown({ ...all, noCores: true }), { vars: undefined, uri: '/y?password=***' });
  });
});
