import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MasterEffect } from '../../../server/master/decide/events.js';
import type { HarakiriReport } from '../../../server/master/decide/harakiri-report.js';
import type { Settings } from '../../../server/master/decide/state.js';
import { lines, MasterDriver, MERCY_MS, only } from '../../support/master-driver.js';

const WALL_MS = 1_795_327_428_500;

function report(given: Partial<HarakiriReport> = {}): HarakiriReport {
  return {
    face: 'slow',
    core: 0,
    method: 'GET',
    uri: '/export?id=7',
    peer: '127.0.0.1',
    ageMs: 2010,
    inFlight: 3,
    queued: 5,
    stack: [],
    flights: [],
    wallMs: WALL_MS,
    rss: 50_000_000,
    listenQueue: 4,
    ...given,
  };
}

const BLOCKED = {
  face: 'blocked',
  stack: ['spin (/app.js:1:2)', 'handler (/app.js:9:1)'],
} as const;

/** Two workers, the first of which has a request that takes too long. */
function suffering(given: Partial<HarakiriReport>, settings: Partial<Settings> = {}) {
  const master = new MasterDriver(2, settings);
  const [pid = 0, other = 0] = master.boot();
  const tell = (again: Partial<HarakiriReport> = given): readonly MasterEffect[] =>
    master.post({ type: 'harakiri', pid, report: report(again) });
  return { master, pid, other, tell };
}

describe('a slow request on a living loop', () => {
  test('has its worker replaced: the new one is ready before the old one drains', () => {
    const { master, pid, other, tell } = suffering({});
    const effects = tell();
    assert.deepEqual(only(effects, 'spawn'), [{ type: 'spawn', worker: 1 }]);
    assert.deepEqual(only(effects, 'sigkill'), []);
    assert.deepEqual(master.serving(), [pid, other], 'it serves on');
    const [next = 0] = master.spawnOrdered();
    assert.deepEqual(only(master.ready(next), 'send'), [{ type: 'send', pid, frame: 'drain' }]);
    master.exit(pid, 17);
    assert.equal(master.slot(1).lastExit?.reason, 'harakiri');
    assert.deepEqual(master.serving(), [next, other]);
    assert.deepEqual(master.slot(1).deaths, [], 'no crash that would be answered more slowly');
  });

  test('counts once for its process, however many requests are too old, and keeps each', () => {
    const { master, pid, tell } = suffering({});
    tell();
    tell({ uri: '/other', core: 1 });
    assert.equal(master.slot(1).harakiris, 1);
    assert.equal(master.slot(2).harakiris, 0);
    assert.deepEqual(
      master.state.harakiris.map(({ uri }) => uri),
      ['/export?id=7', '/other'],
    );
    const [next = 0] = master.spawnOrdered();
    assert.equal(master.slot(1).processes.length, 2, 'one replacement');
    master.ready(next);
    master.exit(pid, 17);
    master.post({ type: 'harakiri', pid: next, report: report() });
    assert.equal(master.slot(1).harakiris, 2, 'totals survive the respawn');
  });

  test('is kept with all that was known of it', () => {
    const { master, pid, tell } = suffering({});
    tell();
    assert.deepEqual(master.state.harakiris, [
      {
        time: WALL_MS / 1000,
        worker: 1,
        pid,
        face: 'slow',
        method: 'GET',
        uri: '/export?id=7',
        age_ms: 2010,
        stack: [],
        rss: 50_000_000,
        listen_queue: 4,
        queue_depth: 5,
        others_in_flight: 2,
      },
    ]);
  });

  test('is logged in the words of uWSGI, with every request in flight', () => {
    const flights = [
      { core: 0, started: 1, method: 'GET', uri: '/export?id=7', peer: '127.0.0.1' },
      { core: 2, started: 1_795_327_420, method: 'POST', uri: '/b', peer: '::1' },
    ];
    const { pid, tell } = suffering({ flights });
    const logged = lines(tell());
    assert.match(
      logged[0] ?? '',
      new RegExp(
        `^\\w{3} \\w{3} .* 20\\d\\d - \\*\\*\\* HARAKIRI ON WORKER 1 \\(pid: ${pid}, try: 1, graceful: yes\\) \\*\\*\\*$`,
      ),
    );
    assert.deepEqual(logged.slice(1), [
      'HARAKIRI !!! worker 1 status !!!',
      'HARAKIRI [core 0] 127.0.0.1 - GET /export?id=7 since 1795327426',
      'HARAKIRI [core 2] ::1 - POST /b since 1795327420',
      'HARAKIRI !!! end of worker 1 status !!!',
      'HARAKIRI triggered by worker 1 core 0 !!!',
    ]);
  });

  test('of a worker that drains already changes nothing but the books', () => {
    const { master, pid, tell } = suffering({});
    master.reload(0, 1);
    const [next = 0] = master.spawnOrdered();
    master.ready(next);
    const effects = tell();
    assert.deepEqual(
      effects.filter(({ type }) => type !== 'log'),
      [],
    );
    assert.equal(master.slot(1).harakiris, 1);
    assert.ok(master.slot(1).processes.some((process) => process.pid === pid));
  });

  test('while the master stops does not spawn', () => {
    const { master, tell } = suffering({});
    master.post({ type: 'stop', graceful: true });
    assert.deepEqual(only(tell(), 'spawn'), []);
  });
});

describe('a blocked loop', () => {
  test('has its worker killed at once and respawned when it is gone, with the reason kept', () => {
    const { master, pid, tell } = suffering(BLOCKED);
    const effects = tell();
    assert.deepEqual(only(effects, 'sigkill'), [{ type: 'sigkill', pid }]);
    assert.deepEqual(only(effects, 'spawn'), [], 'the log tells of the death first');
    const gone = master.killed(pid);
    assert.deepEqual(lines(gone), [
      `DAMN ! worker 1 (pid: ${pid}) died, killed by signal 9 :( trying respawn ...`,
    ]);
    assert.deepEqual(only(gone, 'spawn'), [{ type: 'spawn', worker: 1 }]);
    assert.equal(master.slot(1).lastExit?.reason, 'harakiri');
    assert.equal(master.slot(1).harakiris, 1);
    assert.deepEqual(master.state.harakiris[0]?.stack, BLOCKED.stack);
  });

  test('whose process the kernel does not end is respawned beside it', () => {
    const { master, tell } = suffering(BLOCKED);
    tell();
    assert.deepEqual(only(master.wait(1900), 'spawn'), []);
    assert.deepEqual(only(master.wait(200), 'spawn'), [{ type: 'spawn', worker: 1 }]);
  });

  test('names the application and not what Node was doing for it', () => {
    const stack = ['get performance (node:internal/util:646:7)', ...BLOCKED.stack];
    const effects = suffering({ ...BLOCKED, stack }).tell();
    const found = lines(effects).filter((line) => line.includes('stack>'));
    assert.deepEqual(found, ['HARAKIRI: -- stack> spin (/app.js:1:2)']);
  });

  test('names in the log what blocked, and under --harakiri-verbose the whole stack', () => {
    const stackLines = (effects: readonly MasterEffect[]): string[] =>
      lines(effects).filter((line) => line.includes('stack>'));
    const first = 'HARAKIRI: -- stack> spin (/app.js:1:2)';
    assert.deepEqual(stackLines(suffering(BLOCKED).tell()), [first]);
    assert.deepEqual(stackLines(suffering(BLOCKED, { harakiriVerbose: true }).tell()), [
      first,
      'HARAKIRI: -- stack> handler (/app.js:9:1)',
    ]);
    const { tell } = suffering(BLOCKED);
    assert.match(lines(tell())[0] ?? '', /try: 1, graceful: no\)/);
  });

  test('keeps its reason when it was draining for another', () => {
    const { master, pid, tell } = suffering(BLOCKED);
    master.reload(0, 1);
    master.ready(master.spawnOrdered()[0] ?? 0);
    assert.deepEqual(only(tell(), 'sigkill'), [{ type: 'sigkill', pid }]);
    master.killed(pid);
    assert.equal(master.slot(1).lastExit?.reason, 'harakiri');
  });

  test('gets --harakiri-graceful-timeout to come back, and is killed after it', () => {
    const { master, pid, tell } = suffering(BLOCKED, { harakiriGraceMs: 3000 });
    const effects = tell();
    assert.deepEqual(only(effects, 'sigkill'), []);
    assert.deepEqual(only(effects, 'send'), [{ type: 'send', pid, frame: 'drain' }]);
    assert.deepEqual(only(effects, 'spawn'), [{ type: 'spawn', worker: 1 }]);
    assert.deepEqual(only(master.wait(2900), 'sigkill'), []);
    assert.deepEqual(only(master.wait(200), 'sigkill'), [{ type: 'sigkill', pid }]);
    master.killed(pid);
    assert.equal(master.slot(1).lastExit?.reason, 'harakiri');
  });

  test('that comes back in its grace tells of the same request again, which is not kept twice', () => {
    const { master, tell } = suffering(BLOCKED, { harakiriGraceMs: 3000 });
    tell();
    assert.deepEqual(tell({ face: 'slow', ageMs: 2510, wallMs: WALL_MS + 500 }), []);
    tell({ face: 'slow', ageMs: 2200, wallMs: WALL_MS + 500 });
    assert.equal(master.state.harakiris.length, 2, 'another request for the same URI is');
    assert.equal(master.slot(1).harakiris, 1);
  });
});

test('after a harakiri the other requests get the grace time to end, or else the mercy', () => {
  for (const [grace, drainMs] of [
    [0, MERCY_MS],
    [5000, 5000],
  ] as const) {
    const { master, pid, tell } = suffering({}, { harakiriGraceMs: grace });
    tell();
    master.ready(master.spawnOrdered()[0] ?? 0);
    assert.deepEqual(only(master.wait(drainMs - 100), 'sigkill'), []);
    assert.deepEqual(only(master.wait(200), 'sigkill'), [{ type: 'sigkill', pid }]);
  }
});

test('the last 50 records are kept, oldest first, with 16 frames each', () => {
  const { master, tell } = suffering({});
  const stack = Array.from({ length: 30 }, (_, index) => `f${index} (/a.js:1:1)`);
  for (let id = 0; id < 60; id++) tell({ uri: `/${id}`, stack });
  const { harakiris } = master.state;
  assert.equal(harakiris.length, 50);
  assert.deepEqual([harakiris[0]?.uri, harakiris.at(-1)?.uri], ['/10', '/59']);
  assert.deepEqual(harakiris[0]?.stack, stack.slice(0, 16));
});

test('a process that is gone has no harakiri', () => {
  const { master, pid, tell } = suffering({});
  master.killed(pid);
  const before = master.state.harakiris;
  tell();
  assert.equal(master.state.harakiris, before);
});

test('a worker that gives no sign of life is killed, and that is told', () => {
  const { master, pid } = suffering({});
  const effects = master.post({ type: 'stalled', pid, silentMs: 30_400 });
  assert.match(
    lines(effects)[0] ?? '',
    /^worker 1 \(pid: \d+\) has given no sign of life for 30\.4 seconds .*NO MERCY !!!$/,
  );
  assert.deepEqual(only(effects, 'sigkill'), [{ type: 'sigkill', pid }]);
  assert.deepEqual(only(effects, 'spawn'), []);
  const gone = master.killed(pid);
  assert.match(lines(gone)[0] ?? '', /^DAMN ! worker 1 .* killed by signal 9/);
  assert.deepEqual(only(gone, 'spawn'), [{ type: 'spawn', worker: 1 }]);
  assert.equal(master.slot(1).lastExit?.reason, 'stall');
  assert.deepEqual(master.post({ type: 'stalled', pid, silentMs: 1 }), [], 'it is gone');
});
