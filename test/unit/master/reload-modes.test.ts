import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isUnderWay } from '../../../server/master/decide/slots.js';
import { lines, MasterDriver, only } from '../../support/master-driver.js';

function chain(master: MasterDriver, order = 0) {
  return master.post({ type: 'reload', worker: 'all', order, how: 'chain' });
}

function brutal(master: MasterDriver, order = 0) {
  return master.post({ type: 'reload', worker: 'all', order, how: 'brutal' });
}

describe('a chain reload', () => {
  test('replaces one worker after the other, in the words of uWSGI', () => {
    const master = new MasterDriver(8);
    const old = master.boot();
    assert.deepEqual(chain(master, 3), [
      { type: 'log', line: 'chain reload starting...' },
      { type: 'spawn', worker: 1 },
      { type: 'log', line: 'chain next victim is worker 1' },
    ]);
    assert.deepEqual(master.wait(999), []);
    assert.deepEqual(lines(master.wait(1)), ['chain is still waiting for worker 1...']);
    assert.deepEqual(master.wait(500), []);
    for (let worker = 2; worker <= 8; worker++) {
      const [pid = 0] = master.spawnOrdered();
      const effects = master.ready(pid);
      assert.deepEqual(only(effects, 'send'), [
        { type: 'send', pid: old[worker - 2], frame: 'drain' },
      ]);
      assert.deepEqual(only(effects, 'spawn'), [{ type: 'spawn', worker }]);
      assert.deepEqual(lines(effects), [`chain next victim is worker ${worker}`]);
    }
    const [last = 0] = master.spawnOrdered();
    const end = master.ready(last);
    assert.deepEqual(lines(end), [
      'chain reloading complete',
      'reload finished, 8/8 in 1.5 s, 0 forced',
    ]);
    assert.equal(only(end, 'outcome')[0]?.ok, true);
    assert.equal(master.state.generation, 1);
  });

  test('waits for the worker whose old process died meanwhile', () => {
    const master = new MasterDriver(4);
    const [old = 0] = master.boot();
    chain(master);
    const [fresh = 0] = master.spawnOrdered();
    assert.deepEqual(only(master.killed(old), 'spawn'), []);
    assert.equal(only(master.ready(fresh), 'spawn')[0]?.worker, 2);
  });

  test('is abandoned at the first generation that does not start: the rest is not tried', () => {
    const master = new MasterDriver(4);
    const old = master.boot();
    chain(master, 5);
    const [first = 0] = master.spawnOrdered();
    master.ready(first);
    const [second = 0] = master.spawnOrdered();
    const effects = master.exit(second, 1);
    assert.match(
      only(effects, 'outcome')[0]?.message ?? '',
      /^reload abandoned, the old workers stay: worker 2 /,
    );
    master.wait(60_000);
    assert.deepEqual(only(master.take(), 'spawn').length, 2);
    assert.deepEqual(master.serving(), [first, ...old.slice(1)]);
    assert.equal(master.state.lastReload.replaced, 1);
  });

  test('goes on a quarter at a time when a reload of all is asked for meanwhile', () => {
    const master = new MasterDriver(8);
    master.boot();
    chain(master, 1);
    assert.equal(only(master.reload(2), 'spawn').length, 1, 'one was under way, two may be');
  });

  test('never has two workers under way and never one without a process', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.constantFrom('spawn', 'ready', 'wait', 'exit', 'chain'), { maxLength: 80 }),
        (workers, acts) => {
          const master = new MasterDriver(workers);
          master.boot();
          chain(master);
          for (const act of acts) {
            const all = master.state.slots.flatMap(({ processes }) => processes);
            const find = (state: string) => all.find((process) => process.state === state)?.pid;
            const loads = find('starting');
            const drains = find('draining');
            if (act === 'spawn') master.spawnOrdered();
            if (act === 'ready' && loads !== undefined) master.ready(loads);
            if (act === 'exit' && drains !== undefined) master.exit(drains, 17);
            if (act === 'wait') master.wait(700);
            if (act === 'chain') chain(master);
            assert.ok(master.state.slots.filter(isUnderWay).length <= 1);
            assert.ok(master.serving().every((pid) => pid !== 0));
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a brutal reload', () => {
  test('ends every process at once and spawns its successor', () => {
    const master = new MasterDriver(2);
    const [first = 0, second = 0] = master.boot();
    assert.deepEqual(brutal(master, 4), [
      { type: 'log', line: '...brutally killing workers...' },
      { type: 'log', line: `killing worker 1 (pid: ${first})` },
      { type: 'send', pid: first, frame: 'exit' },
      { type: 'log', line: `killing worker 2 (pid: ${second})` },
      { type: 'send', pid: second, frame: 'exit' },
      { type: 'spawn', worker: 1 },
      { type: 'spawn', worker: 2 },
    ]);
    master.exit(first, 30);
    master.exit(second, 30);
    assert.equal(master.slot(1).lastExit?.reason, 'reload');
    assert.deepEqual(master.slot(1).deaths, []);
    const [one = 0, two = 0] = master.spawnOrdered();
    assert.deepEqual(only(master.ready(one), 'outcome'), []);
    assert.equal(only(master.ready(two), 'outcome')[0]?.ok, true);
    assert.equal(master.state.generation, 1);
  });

  test('kills what does not obey, and ends what drained already', () => {
    const master = new MasterDriver(1);
    const [old = 0] = master.boot();
    master.reload(0);
    const [fresh = 0] = master.spawnOrdered();
    master.ready(fresh);
    const effects = brutal(master);
    assert.deepEqual(
      only(effects, 'send').map(({ pid }) => pid),
      [old, fresh],
    );
    assert.deepEqual(
      only(master.wait(2000), 'sigkill').map(({ pid }) => pid),
      [old, fresh],
    );
  });

  test('of a generation that does not start is given up, without promising old workers', () => {
    const master = new MasterDriver(1);
    const [old = 0] = master.boot();
    brutal(master, 2);
    master.exit(old, 30);
    const [fresh = 0] = master.spawnOrdered();
    const effects = master.exit(fresh, 1);
    assert.equal(
      only(effects, 'outcome')[0]?.message,
      `reload abandoned: worker 1 (pid: ${fresh}) died before it was ready`,
    );
    assert.equal(only(effects, 'spawn').length, 1, 'a worker that is missed is tried again');
  });
});
