import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lines, MasterDriver, only } from '../../support/master-driver.js';

const MB = 1024 * 1024;

function driver(workers: number, budget: number, minLifetimeMs = 0): MasterDriver {
  const none = { maxRequests: null, maxRequestsDelta: 0, maxLifetimeMs: null };
  const limits = { rss: null, uss: null, pss: null, heap: null, evilRss: null };
  const rules = { ...none, ...limits, maxLifetimeDeltaMs: 0, minLifetimeMs, budget: budget * MB };
  return new MasterDriver(workers, { recycling: rules });
}

/** Tells what each process takes, in MB of PSS; null where only the RSS is known. */
function take(master: MasterDriver, taken: Readonly<Record<number, number>>, unknown = false) {
  const processes = Object.entries(taken).map(([pid, mb]) => ({
    ...{ pid: Number(pid), requests: 0, uss: null, heap: null },
    pss: unknown ? null : mb * MB,
    rss: unknown ? mb * MB : 10_000 * MB,
  }));
  return master.post({ type: 'measured', processes });
}

test('over the budget the one that takes most is replaced, and the log says what for', () => {
  const master = driver(3, 400);
  const [a = 0, b = 0, c = 0] = master.boot();
  assert.deepEqual(take(master, { [a]: 100, [b]: 100, [c]: 100 }), []);
  assert.deepEqual(
    take(master, { [a]: 120, [b]: 160, [c]: 120 }),
    [],
    'it is no more than allowed',
  );
  const effects = take(master, { [a]: 120, [b]: 161, [c]: 120 });
  assert.deepEqual(lines(effects), [
    `the workers take 401 MB together (memory-budget 400 MB): replacing worker 2 (pid: ${b}), which takes 161 MB, 61 more than at its least`,
  ]);
  assert.deepEqual(only(effects, 'spawn'), [{ type: 'spawn', worker: 2 }]);
});

test('one goes at a time, and the next when its memory has come back', () => {
  const master = driver(2, 300);
  const [a = 0, b = 0] = master.boot();
  take(master, { [a]: 100, [b]: 100 });
  assert.equal(only(take(master, { [a]: 250, [b]: 240 }), 'spawn').length, 1);
  const [fresh = 0] = master.spawnOrdered();
  assert.deepEqual(take(master, { [a]: 250, [b]: 240, [fresh]: 90 }), []);
  master.ready(fresh);
  assert.deepEqual(take(master, { [a]: 250, [b]: 240, [fresh]: 90 }), [], 'the old one drains');
  master.exit(a, 17);
  assert.equal(master.slot(1).lastExit?.reason, 'memory-budget');
  const next = take(master, { [b]: 240, [fresh]: 90 });
  assert.deepEqual(only(next, 'spawn'), [{ type: 'spawn', worker: 2 }]);
});

test('who has not grown is left alone, which is said once', () => {
  const master = driver(2, 150);
  const [a = 0, b = 0] = master.boot();
  const effects = take(master, { [a]: 100, [b]: 100 });
  assert.match(lines(effects)[0] ?? '', /none of them has grown/);
  assert.deepEqual(only(effects, 'spawn'), []);
  assert.deepEqual(take(master, { [a]: 104, [b]: 107 }), [], 'a little is no growth');
  assert.equal(only(take(master, { [a]: 100, [b]: 120 }), 'spawn')[0]?.worker, 2);
});

test('a process that is younger than the least lifetime is left alone', () => {
  const master = driver(1, 50, 10_000);
  const [a = 0] = master.boot();
  take(master, { [a]: 40 });
  assert.deepEqual(take(master, { [a]: 90 }), []);
  master.wait(10_000);
  take(master, { [a]: 90 });
  assert.equal(only(take(master, { [a]: 120 }), 'spawn').length, 1, 'it counts from there');
});

test('where the kernel does not tell the share, all that is resident counts', () => {
  const master = driver(1, 100);
  const [a = 0] = master.boot();
  take(master, { [a]: 60 }, true);
  assert.equal(only(take(master, { [a]: 101 }, true), 'spawn').length, 1);
});

test('the budget waits while less than half of the workers serve, and for a reload', () => {
  const master = driver(4, 100);
  const [a = 0, b = 0, c = 0, d = 0] = master.boot();
  take(master, { [a]: 20, [b]: 20, [c]: 20, [d]: 20 });
  for (const pid of [b, c, d]) master.exit(pid, 1);
  assert.deepEqual(only(take(master, { [a]: 200 }), 'spawn'), []);
  const calm = driver(1, 100);
  const [only1 = 0] = calm.boot();
  take(calm, { [only1]: 20 });
  calm.reload(1);
  assert.deepEqual(lines(take(calm, { [only1]: 200 })), []);
});

test('who was not measured yet counts for nothing beside others whose share is known', () => {
  const master = driver(2, 300);
  const [a = 0, b = 0] = master.boot();
  take(master, { [a]: 100, [b]: 100 });
  const told = { requests: 0, uss: null, heap: null, rss: 900 * MB };
  const processes = [
    { ...told, pid: a, pss: 200 * MB },
    { ...told, pid: b, pss: null },
  ];
  assert.deepEqual(master.post({ type: 'measured', processes }), []);
});

test('what is resident is no measure any more once the shares are known', () => {
  const master = driver(1, 100);
  const [a = 0] = master.boot();
  take(master, { [a]: 90 }, true);
  take(master, { [a]: 40 });
  assert.equal(only(take(master, { [a]: 101 }), 'spawn').length, 1, 'it has grown by 61');
});
