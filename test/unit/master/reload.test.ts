import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lines, MasterDriver, MERCY_MS, only } from '../../support/master-driver.js';

/** Lets every ordered replacement become ready until the reload is over. */
function finish(master: MasterDriver): void {
  for (let round = 0; round < 20 && master.state.reload !== null; round++) {
    for (const pid of master.spawnOrdered()) master.ready(pid);
    master.wait(100);
  }
}

describe('a reload of all workers', () => {
  test('starts the replacement first and drains the old process when it is ready', () => {
    const master = new MasterDriver(1);
    const [old = 0] = master.boot();
    assert.deepEqual(master.reload(7), [
      { type: 'log', line: '...gracefully replacing all workers...' },
      { type: 'spawn', worker: 1 },
    ]);
    const [fresh = 0] = master.spawnOrdered();
    assert.deepEqual(master.serving(), [old]);
    master.now = 1500;
    assert.deepEqual(master.ready(fresh), [
      { type: 'send', pid: old, frame: 'drain' },
      { type: 'log', line: 'reload finished, 1/1 in 1.5 s, 0 forced' },
      { type: 'outcome', order: 7, ok: true, message: 'reload finished, 1/1 in 1.5 s, 0 forced' },
    ]);
    assert.deepEqual(master.serving(), [fresh]);
    assert.equal(master.state.generation, 1);
    master.now = 4000;
    assert.deepEqual(lines(master.exit(old, 17)), [
      `worker 1 (pid: ${old}) buried after 2.5 seconds`,
    ]);
    assert.equal(master.slot(1).lastExit?.reason, 'reload');
  });

  test('tells how many old processes had to be killed meanwhile', () => {
    const master = new MasterDriver(2);
    const [old = 0] = master.boot();
    master.reload(7);
    for (const pid of master.spawnOrdered()) master.ready(pid);
    master.wait(MERCY_MS);
    master.killed(old);
    const [second = 0] = master.spawnOrdered();
    assert.match(lines(master.ready(second))[0] ?? '', /^reload finished, 2\/2 in .* s, 1 forced$/);
  });

  test('kills an old process that does not drain within its mercy', () => {
    const master = new MasterDriver(1);
    const [old = 0] = master.boot();
    master.reload(0);
    for (const pid of master.spawnOrdered()) master.ready(pid);
    assert.deepEqual(master.wait(MERCY_MS - 1), []);
    assert.deepEqual(master.wait(1), [
      {
        type: 'log',
        line: `worker 1 (pid: ${old}) is taking too much time to die...NO MERCY !!!`,
        severity: 'warn',
      },
      { type: 'sigkill', pid: old },
    ]);
    assert.deepEqual(master.tick(), [], 'the kernel gets time to end it');
  });

  test('replaces a quarter of the workers at a time', () => {
    const master = new MasterDriver(8);
    const old = master.boot();
    assert.equal(only(master.reload(1), 'spawn').length, 2);
    const [one = 0, two = 0] = master.spawnOrdered();
    assert.deepEqual(master.tick(), []);
    assert.equal(only(master.ready(one), 'spawn').length, 1, 'a place is free: the next one');
    assert.equal(only(master.ready(two), 'spawn').length, 1);
    assert.equal(master.state.generation, 0, 'six are still of the old generation');
    finish(master);
    assert.equal(master.state.generation, 1);
    assert.ok(master.serving().every((pid) => pid !== 0 && !old.includes(pid)));
    assert.deepEqual(only(master.take(), 'outcome'), [
      { type: 'outcome', order: 1, ok: true, message: 'reload finished, 8/8 in 0.2 s, 0 forced' },
    ]);
  });

  test('is abandoned when a replacement dies: the old processes stay', () => {
    const master = new MasterDriver(2);
    const old = master.boot();
    master.reload(3);
    const [fresh = 0] = master.spawnOrdered();
    const effects = master.exit(fresh, 1);
    const message = `reload abandoned, the old workers stay: worker 1 (pid: ${fresh}) died before it was ready`;
    assert.deepEqual(only(effects, 'outcome'), [{ type: 'outcome', order: 3, ok: false, message }]);
    assert.deepEqual(only(effects, 'spawn'), []);
    assert.deepEqual(lines(effects).at(-1), `*** ${message} ***`);
    master.wait(20_000);
    assert.deepEqual(master.take().slice(-1), [effects.at(-1)], 'it is not tried again');
    assert.deepEqual(master.serving(), old);
    assert.equal(master.state.generation, 0);
    assert.equal(master.state.lastReload.state, 'abandoned');
    assert.equal(master.state.lastReload.replaced, 0);
  });

  test('is abandoned with the error that the application wrote', () => {
    const master = new MasterDriver(2);
    master.boot();
    master.reload(0);
    const [pid = 0] = master.spawnOrdered();
    const stderr = ['cannot load app.js: correct what it says below', 'Error: no database'];
    master.post({ type: 'exited', pid, code: 22, signal: null, signalNumber: null, stderr });
    assert.equal(master.state.lastReload.reason, `worker 1 (pid: ${pid}): Error: no database`);
  });

  test('is abandoned when a replacement cannot load the application', () => {
    const master = new MasterDriver(2);
    const old = master.boot();
    master.reload(3);
    const [fresh = 0] = master.spawnOrdered();
    const effects = master.ready(fresh, false);
    assert.deepEqual(only(effects, 'send'), [{ type: 'send', pid: fresh, frame: 'exit' }]);
    assert.match(only(effects, 'outcome')[0]?.message ?? '', /could not load the application$/);
    master.exit(fresh, 30);
    assert.deepEqual(master.serving(), old);
    assert.deepEqual(only(master.wait(20_000), 'spawn'), []);
  });

  test('under --need-app that replacement ends with 22, and the instance lives on', () => {
    const master = new MasterDriver(1);
    const old = master.boot();
    master.reload(3);
    const [fresh = 0] = master.spawnOrdered();
    assert.equal(only(master.exit(fresh, 22), 'outcome')[0]?.ok, false);
    assert.deepEqual(master.serving(), old);
    assert.equal(master.state.phase, 'running');
  });

  test('that was abandoned ends the other replacements too, so that no worker runs other code', () => {
    const master = new MasterDriver(8);
    const old = master.boot();
    master.reload(1);
    const [first = 0, second = 0] = master.spawnOrdered();
    const effects = master.exit(first, 1);
    assert.deepEqual(only(effects, 'send'), [{ type: 'send', pid: second, frame: 'exit' }]);
    assert.deepEqual(master.ready(second), [], 'its word came too late');
    master.exit(second, 30);
    assert.deepEqual(master.serving(), old);
  });

  test('after an abandoned one replaces every worker, whatever started before', () => {
    const master = new MasterDriver(8);
    master.boot();
    master.reload(1);
    const [first = 0, second = 0] = master.spawnOrdered();
    master.exit(first, 1);
    master.ready(second);
    const before = master.serving();
    master.wait(10_000);
    master.reload(2);
    finish(master);
    assert.deepEqual(
      master.serving().filter((pid) => before.includes(pid)),
      [],
    );
  });

  test('asked for while one runs replaces everything again and answers both', () => {
    const master = new MasterDriver(1);
    master.boot();
    master.reload(1);
    const [middle = 0] = master.spawnOrdered();
    master.reload(2);
    assert.deepEqual(only(master.ready(middle), 'outcome'), []);
    const [last = 0] = master.spawnOrdered();
    const effects = master.ready(last);
    assert.deepEqual(
      only(effects, 'outcome').map(({ order, ok }) => [order, ok]),
      [
        [1, true],
        [2, true],
      ],
    );
    assert.equal(master.state.generation, 1);
  });

  test('during the boot waits for the first processes, then replaces them', () => {
    const master = new MasterDriver(1);
    master.tick();
    const [first = 0] = master.spawnOrdered();
    assert.deepEqual(only(master.reload(1), 'spawn'), [], 'one is starting already');
    assert.equal(only(master.ready(first), 'spawn').length, 1);
    finish(master);
    assert.equal(only(master.take(), 'outcome')[0]?.ok, true);
    assert.notDeepEqual(master.serving(), [first]);
  });
});

describe('a reload of one worker', () => {
  test('leaves the others alone and does not raise the generation', () => {
    const master = new MasterDriver(2);
    const [, other] = master.boot();
    assert.deepEqual(master.reload(4, 1), [
      { type: 'log', line: '...gracefully replacing worker 1...' },
      { type: 'spawn', worker: 1 },
    ]);
    const [fresh = 0] = master.spawnOrdered();
    const effects = master.ready(fresh);
    assert.deepEqual(only(effects, 'outcome'), [
      { type: 'outcome', order: 4, ok: true, message: `worker 1: pid ${fresh} ready in 0.0 s` },
    ]);
    assert.deepEqual(master.serving(), [fresh, other]);
    assert.equal(master.state.generation, 0);
  });

  test('of a worker that does not exist is refused', () => {
    const master = new MasterDriver(1);
    master.boot();
    assert.deepEqual(master.reload(4, 9), [
      { type: 'outcome', order: 4, ok: false, message: 'there is no worker 9' },
    ]);
  });

  test('is told when a reload of all is abandoned, although another worker failed', () => {
    const master = new MasterDriver(8);
    master.boot();
    master.reload(1);
    const [first = 0] = master.spawnOrdered();
    master.reload(2, 8);
    const effects = master.exit(first, 1);
    assert.deepEqual(
      only(effects, 'outcome')
        .map(({ order, ok }) => [order, ok])
        .sort(),
      [
        [1, false],
        [2, false],
      ],
    );
  });

  test('that fails is told, and the old process stays', () => {
    const master = new MasterDriver(2);
    const old = master.boot();
    master.reload(5, 2);
    const [fresh = 0] = master.spawnOrdered();
    assert.equal(only(master.killed(fresh), 'outcome')[0]?.ok, false);
    assert.deepEqual(master.serving(), old);
    assert.equal(master.state.lastReload.state, 'none', 'no reload of all has run');
  });
});
