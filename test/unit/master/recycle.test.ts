import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isRecycling } from '../../../server/master/decide/recycle.js';
import {
  type Measurement,
  recycleReason,
  type RecycleRules,
} from '../../../server/master/decide/recycle-rules.js';
import { lines, MasterDriver, MERCY_MS, only } from '../../support/master-driver.js';

const MB = 1024 * 1024;

const NO_RULES: RecycleRules = {
  maxRequests: null,
  maxRequestsDelta: 0,
  maxLifetimeMs: null,
  maxLifetimeDeltaMs: 0,
  minLifetimeMs: 0,
  rss: null,
  uss: null,
  pss: null,
  heap: null,
  budget: null,
  evilRss: null,
};

function measured(given: Partial<Measurement> = {}): Measurement {
  return { pid: 7, requests: 0, rss: null, uss: null, pss: null, heap: null, ...given };
}

function reasonOf(rules: Partial<RecycleRules>, given: Partial<Measurement>, ageMs = 60_000) {
  const found = recycleReason(
    { ...NO_RULES, ...rules },
    { worker: 1, ageMs, measured: measured(given) },
  );
  return found?.reason ?? null;
}

describe('a process is due', () => {
  test('for its requests from the limit on', () => {
    assert.equal(reasonOf({ maxRequests: 100 }, { requests: 99 }), null);
    assert.equal(reasonOf({ maxRequests: 100 }, { requests: 100 }), 'max-requests');
  });

  test('later by the delta, worker by worker', () => {
    const rules = { ...NO_RULES, maxRequests: 100, maxRequestsDelta: 10 };
    const limits = [1, 2, 4].map((worker) => {
      const due = (requests: number): boolean =>
        recycleReason(rules, { worker, ageMs: 0, measured: measured({ requests }) }) !== null;
      return Array.from({ length: 200 }, (_, requests) => requests).find(due);
    });
    assert.deepEqual(limits, [100, 110, 130]);
  });

  test('for its age, also later by the delta, in the words of uWSGI', () => {
    const rules = { ...NO_RULES, maxLifetimeMs: 6000, maxLifetimeDeltaMs: 2000 };
    const at = (worker: number, ageMs: number) =>
      recycleReason(rules, { worker, ageMs, measured: measured() });
    assert.equal(at(1, 5999), null);
    assert.deepEqual(at(1, 6000), {
      reason: 'lifetime',
      line: 'worker 1 lifetime reached, it was running for 6 second(s)',
    });
    assert.equal(at(2, 7999), null);
    assert.equal(at(2, 8000)?.reason, 'lifetime');
  });

  test('for more memory than the limit of its kind, and never for what was not measured', () => {
    for (const kind of ['rss', 'uss', 'pss', 'heap'] as const) {
      assert.equal(reasonOf({ [kind]: 64 * MB }, { [kind]: 64 * MB }), null);
      assert.equal(reasonOf({ [kind]: 64 * MB }, { [kind]: 64 * MB + 1 }), kind);
      assert.equal(reasonOf({ [kind]: 64 * MB }, { [kind]: null }), null);
    }
  });

  test('for its requests or memory only when it has lived long enough', () => {
    const rules = { maxRequests: 1, rss: MB, minLifetimeMs: 10_000 };
    assert.equal(reasonOf(rules, { requests: 5, rss: 9 * MB }, 9999), null);
    assert.equal(reasonOf(rules, { requests: 5 }, 10_000), 'max-requests');
    assert.equal(reasonOf(rules, { rss: 9 * MB }, 10_000), 'rss');
  });
});

function driver(workers: number, rules: Partial<RecycleRules>): MasterDriver {
  return new MasterDriver(workers, { recycling: { ...NO_RULES, ...rules } });
}

function measure(master: MasterDriver, given: Partial<Measurement>, pids = master.serving()) {
  return master.post({
    type: 'measured',
    processes: pids.map((pid) => measured({ ...given, pid })),
  });
}

describe('recycling', () => {
  test('starts the replacement first, drains the old process when it is ready, and says why', () => {
    const master = driver(1, { maxRequests: 100 });
    const [old = 0] = master.boot();
    assert.deepEqual(measure(master, { requests: 99 }), []);
    assert.deepEqual(measure(master, { requests: 104 }), [
      {
        type: 'log',
        line: `worker 1 (pid: ${old}) has answered 104 requests (max-requests 100): replacing it`,
      },
      { type: 'spawn', worker: 1 },
    ]);
    assert.deepEqual(measure(master, { requests: 150 }), [], 'it is said once');
    const [fresh = 0] = master.spawnOrdered();
    assert.deepEqual(master.ready(fresh), [{ type: 'send', pid: old, frame: 'drain' }]);
    assert.deepEqual(lines(master.exit(old, 17)), [
      `...The work of process ${old} is done. Seeya!`,
      `worker 1 killed successfully (pid: ${old})`,
    ]);
    assert.equal(master.slot(1).lastExit?.reason, 'max-requests');
    assert.deepEqual(master.slot(1).deaths, [], 'it is no death');
    assert.equal(master.state.generation, 0);
  });

  test('kills a process that does not drain within its mercy, and keeps the reason', () => {
    const master = driver(1, { rss: MB });
    const [old = 0] = master.boot();
    measure(master, { rss: 2 * MB });
    for (const pid of master.spawnOrdered()) master.ready(pid);
    assert.deepEqual(only(master.wait(MERCY_MS), 'sigkill'), [{ type: 'sigkill', pid: old }]);
    assert.match(lines(master.killed(old))[0] ?? '', /^worker 1 \(pid: \d+\) buried after 60\.0/);
    assert.equal(master.slot(1).lastExit?.reason, 'rss');
  });

  test('replaces one worker at a time, the one that is due longest first', () => {
    const master = driver(3, { maxRequests: 10 });
    const [first = 0, second = 0, third = 0] = master.boot();
    assert.equal(only(measure(master, { requests: 10 }, [second]), 'spawn')[0]?.worker, 2);
    master.now = 1;
    assert.deepEqual(measure(master, { requests: 10 }, [third]), []);
    master.now = 2;
    assert.deepEqual(measure(master, { requests: 10 }, [first]), []);
    const next = () => {
      const [pid = 0] = master.spawnOrdered();
      return only(master.ready(pid), 'spawn').map(({ worker }) => worker);
    };
    assert.deepEqual(next(), [3]);
    assert.deepEqual(next(), [1]);
    assert.deepEqual(next(), []);
  });

  test('waits for a reload of all, after which nothing is due any more', () => {
    const master = driver(1, { maxRequests: 10 });
    const [old = 0] = master.boot();
    master.reload(1);
    assert.deepEqual(measure(master, { requests: 10 }), []);
    for (const pid of master.spawnOrdered()) master.ready(pid);
    master.exit(old, 17);
    assert.equal(master.slot(1).lastExit?.reason, 'reload');
    assert.deepEqual(only(master.wait(1000), 'spawn'), []);
  });

  for (const how of ['dies', 'comes without the application'] as const) {
    test(`whose replacement ${how} keeps the old process and tries again after half a minute`, () => {
      const master = driver(1, { maxRequests: 10 });
      const [old = 0] = master.boot();
      measure(master, { requests: 10 });
      const [fresh = 0] = master.spawnOrdered();
      if (how === 'dies') master.exit(fresh, 1);
      else {
        master.ready(fresh, false);
        master.exit(fresh, 30);
      }
      assert.deepEqual(master.serving(), [old]);
      master.take();
      master.wait(29_999);
      assert.deepEqual(only(master.take(), 'spawn'), []);
      assert.equal(only(master.wait(1), 'spawn').length, 1);
    });
  }

  test('starts nothing once the master stops', () => {
    const master = driver(2, { maxRequests: 10, evilRss: MB });
    master.boot();
    master.post({ type: 'stop', graceful: true });
    assert.deepEqual(measure(master, { requests: 10, rss: 5 * MB }, [101, 102]), []);
  });

  test('with the evil limit kills at once, also what drains, and that is no crash', () => {
    const master = driver(1, { evilRss: MB });
    for (let death = 1; death <= 6; death++) {
      master.tick();
      const [pid = 0] = master.spawnOrdered();
      master.ready(pid);
      master.wait(10_000);
      const effects = measure(master, { rss: 2 * MB });
      assert.deepEqual(effects.slice(0, 2), [
        {
          type: 'log',
          line: `*** EVIL RELOAD ON WORKER 1 RSS: ${2 * MB} (pid: ${pid}) ***`,
        },
        { type: 'sigkill', pid },
      ]);
      assert.equal(only(effects, 'spawn').length, 1, `death ${death}`);
      assert.deepEqual(measure(master, { rss: 2 * MB }, [pid]), [], 'it is killed once');
      master.killed(pid);
      assert.equal(master.slot(1).lastExit?.reason, 'evil-rss');
      assert.deepEqual(master.slot(1).deaths, []);
    }
    const [pid = 0] = master.spawnOrdered();
    master.ready(pid);
    master.reload(0);
    for (const fresh of master.spawnOrdered()) master.ready(fresh);
    assert.deepEqual(only(measure(master, { rss: 2 * MB }, [pid]), 'sigkill'), [
      { type: 'sigkill', pid },
    ]);
  });

  test('spawns an application that is beyond the evil limit from its start on once a second', () => {
    const master = driver(1, { evilRss: MB });
    master.tick();
    for (let death = 1; death <= 6; death++) {
      const [pid = 0] = master.spawnOrdered();
      master.ready(pid);
      assert.deepEqual(only(measure(master, { rss: 2 * MB }), 'spawn'), []);
      master.killed(pid);
      assert.deepEqual(only(master.wait(999), 'spawn'), [], `death ${death}`);
      assert.equal(only(master.wait(1), 'spawn').length, 1, `death ${death}`);
      assert.deepEqual(master.slot(1).deaths, []);
    }
  });

  test('leaves a process alone that still loads', () => {
    const master = driver(1, { evilRss: MB, rss: MB });
    master.tick();
    const [pid = 0] = master.spawnOrdered();
    assert.deepEqual(measure(master, { rss: 5 * MB }, [pid]), []);
  });

  test('never replaces two workers at once and never leaves one without a process, whatever is measured', () => {
    const act = fc.record({
      kind: fc.constantFrom('measure', 'spawn', 'ready', 'fail', 'exit', 'wait'),
      which: fc.nat(9),
      requests: fc.nat(20),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(act, { maxLength: 120, size: 'max' }),
        (workers, acts) => {
          const master = driver(workers, { maxRequests: 10, maxLifetimeMs: 60_000 });
          master.boot();
          for (const { kind, which, requests } of acts) {
            const all = master.state.slots.flatMap(({ processes }) => processes);
            const loading = all.filter(({ state }) => state === 'starting');
            const leaving = all.filter(({ state }) => state === 'draining' || state === 'ending');
            const loads = loading[which % Math.max(1, loading.length)];
            const leaves = leaving[which % Math.max(1, leaving.length)];
            if (kind === 'measure') measure(master, { requests });
            if (kind === 'spawn') master.spawnOrdered();
            if (kind === 'ready' && loads !== undefined) master.ready(loads.pid);
            if (kind === 'fail' && loads !== undefined) master.exit(loads.pid, 1);
            if (kind === 'exit' && leaves !== undefined) master.exit(leaves.pid, 17);
            if (kind === 'wait') master.wait(which * 3000);
            assert.ok(master.state.slots.filter(isRecycling).length <= 1, 'two at once');
            assert.ok(
              master.serving().every((pid) => pid !== 0),
              'capacity dropped',
            );
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
