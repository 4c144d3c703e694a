import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createBlockedWatch } from '../../../server/worker/harakiri/blocked.js';
import { createLimits, limitWriter } from '../../../server/worker/harakiri/limits.js';
import { allocateMemory, FIELD, type Memory } from '../../../server/worker/memory.js';

/** A worker's memory in which nothing happens, as of 1000 ms. */
function quiet(): Memory {
  const memory = allocateMemory(4);
  memory.fields[FIELD.cores] = 4;
  memory.fields[FIELD.heartbeat] = 1000;
  return memory;
}

/** Looks every 100 ms from `from` on; the first time something is found, and what. */
function firstFound(memory: Memory, { from = 1000, to = 20_000, threshold = 0 } = {}) {
  const watch = createBlockedWatch(memory, threshold);
  for (let now = from; now <= to; now += 100) {
    const found = watch.look(now);
    if (found !== null) return { now, core: found.core, ageMs: found.ageMs };
  }
  return null;
}

describe('the watch over a blocked loop', () => {
  test('finds the request that blocks from its start at its limit', () => {
    const memory = quiet();
    memory.started[2] = 1000;
    memory.limits[2] = 2000;
    assert.deepEqual(firstFound(memory), { now: 3000, core: 2, ageMs: 2000 });
  });

  test('names the oldest of those that are too old', () => {
    const memory = quiet();
    memory.started.set([1200, 1100, 1050, 0]);
    memory.limits.set([2000, 2000, 0, 2000]);
    assert.equal(firstFound(memory)?.core, 1);
  });

  test('finds nothing without limits, without requests, or while the loop turns', () => {
    assert.equal(firstFound(quiet()), null);
    const unlimited = quiet();
    unlimited.started[0] = 1000;
    assert.equal(firstFound(unlimited), null);
    const memory = quiet();
    memory.started[0] = 1000;
    memory.limits[0] = 500;
    const watch = createBlockedWatch(memory, 0);
    for (let now = 1000; now < 9000; now += 100) {
      memory.fields[FIELD.heartbeat] = now - 90;
      assert.equal(watch.look(now), null);
    }
  });

  test('finds what blocks a loop before a limit within 400 ms of it, whenever that began', () => {
    for (const limit of [100, 300, 500, 1000, 5000]) {
      for (let before = 0; before <= limit; before += 20) {
        const memory = quiet();
        memory.started[0] = 1000;
        memory.limits[0] = limit;
        memory.fields[FIELD.heartbeat] = 1000 + limit - before;
        const { now = Infinity } = firstFound(memory) ?? {};
        const late = now - 1000 - limit;
        assert.ok(late >= 0 && late <= 400, `${limit}, blocked ${before} before: ${late}`);
      }
    }
  });

  test('gives a loop that is blocked only lately some time to come back', () => {
    const memory = quiet();
    memory.started[0] = 1000;
    memory.limits[0] = 5000;
    memory.fields[FIELD.heartbeat] = 5750;
    const watch = createBlockedWatch(memory, 0);
    // Its beat at 6150 gives the one request up that is too old, and the others live.
    for (let now = 1000; now < 6150; now += 100) assert.equal(watch.look(now), null, `${now}`);
    memory.fields[FIELD.heartbeat] = 6150;
    memory.started[0] = 0;
    for (let now = 6200; now < 9000; now += 100) assert.equal(watch.look(now), null, `${now}`);
  });

  test('tells of one blockade once, and of the next one again', () => {
    const memory = quiet();
    memory.started[0] = 1000;
    memory.limits[0] = 1000;
    const watch = createBlockedWatch(memory, 0);
    const found = [];
    for (let now = 1000; now < 9000; now += 100) {
      if (now === 5000) memory.fields[FIELD.heartbeat] = 5000;
      if (watch.look(now) !== null) found.push(now);
    }
    assert.deepEqual(found, [2000, 5300]);
  });

  test('knows whether the loop has come back since', () => {
    const memory = quiet();
    memory.started[0] = 1000;
    memory.limits[0] = 1000;
    const watch = createBlockedWatch(memory, 0);
    watch.look(1950);
    watch.look(2050);
    const found = watch.look(2450) ?? watch.look(2950);
    assert.ok(found);
    assert.equal(watch.holds(found), true);
    memory.fields[FIELD.heartbeat] = 2951;
    assert.equal(watch.holds(found), false);
  });

  test('does not count the time in which the process itself was stopped', () => {
    const memory = quiet();
    memory.started[0] = 1000;
    memory.limits[0] = 2000;
    const watch = createBlockedWatch(memory, 0);
    watch.look(1000);
    // SIGSTOP, and SIGCONT ten seconds later.
    for (let now = 11_000; now < 12_000; now += 100) assert.equal(watch.look(now), null, `${now}`);
    assert.ok(watch.look(12_000), 'the loop had a second and did not come back');
  });

  test('waits until enough connections wait, when there is a threshold', () => {
    const memory = quiet();
    memory.started[0] = 1000;
    memory.limits[0] = 1000;
    memory.fields[FIELD.listenQueue] = 4;
    assert.equal(firstFound(memory, { threshold: 5 }), null);
    memory.fields[FIELD.listenQueue] = 5;
    assert.equal(firstFound(memory, { threshold: 5 })?.now, 2000);
  });
});

describe('time limits', () => {
  const of = (limitMs: number, ...routes: [string, number][]) =>
    createLimits({
      limitMs,
      routes: routes.map(([pattern, ms]) => ({ pattern, ms })),
      queueThreshold: 0,
    });

  test('there are none unless some option asks for one', () => {
    assert.equal(of(0), null);
    assert.equal(of(0, ['^/a', 0]), null);
    assert.equal(limitWriter(of(0), allocateMemory(1)), null);
  });

  test('the first route that matches counts, else the general one', () => {
    const limits = of(2000, ['^/export', 120_000], ['^/exports', 1], ['stream', 0]);
    assert.ok(limits);
    assert.equal(limits.of('/'), 2000);
    assert.equal(limits.of('/export/cats?x=1'), 120_000);
    assert.equal(limits.of('/exports'), 120_000);
    assert.equal(limits.of('/a/stream'), 0);
  });

  test('an expression sees the beginning of a long URL only', () => {
    const limits = of(2000, ['end$', 1]);
    assert.ok(limits);
    assert.equal(limits.of('/the-end'), 1);
    assert.equal(limits.of(`/${'x'.repeat(5000)}end`), 2000);
  });

  test('are written where both threads find them', () => {
    const memory = allocateMemory(2);
    limitWriter(of(2000, ['^/slow', 9000]), memory)?.(1, '/slow');
    assert.deepEqual([...memory.limits], [0, 9000]);
  });
});
