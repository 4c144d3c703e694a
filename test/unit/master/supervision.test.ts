import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lines, MasterDriver, only } from '../../support/master-driver.js';

describe('the arbiter supervises', () => {
  test('every worker is spawned at the start, with the line uWSGI prints', () => {
    const master = new MasterDriver(2);
    assert.deepEqual(master.tick(), [
      { type: 'spawn', worker: 1 },
      { type: 'spawn', worker: 2 },
    ]);
    assert.deepEqual(master.tick(), [], 'a spawn on its way is not ordered again');
    master.spawnOrdered();
    assert.deepEqual(lines(master.take()), [
      'spawned tsuwsgi worker 1 (pid: 101, cores: 1)',
      'spawned tsuwsgi worker 2 (pid: 102, cores: 1)',
    ]);
  });

  test('a worker that was killed is respawned at once under its id', () => {
    const master = new MasterDriver(2);
    const [first = 0] = master.boot();
    const effects = master.killed(first);
    assert.deepEqual(effects, [
      {
        type: 'log',
        line: `DAMN ! worker 1 (pid: ${first}) died, killed by signal 9 :( trying respawn ...`,
        severity: 'error',
      },
      { type: 'spawn', worker: 1 },
    ]);
    assert.deepEqual(master.spawnOrdered(), [103]);
    assert.deepEqual(lines(master.take()).at(-1), 'Respawned tsuwsgi worker 1 (new pid: 103)');
    master.ready(103);
    assert.deepEqual(master.serving(), [103, 102]);
    assert.equal(master.slot(1).spawns, 2);
    assert.deepEqual(master.slot(1).lastExit, {
      pid: first,
      code: null,
      signal: 'SIGKILL',
      reason: 'crash',
      at: 0,
      stderr: [],
    });
  });

  test('a worker that ended by itself is named with its exit code', () => {
    const master = new MasterDriver(1);
    const [pid = 0] = master.boot();
    assert.deepEqual(lines(master.exit(pid, 1)), [
      `DAMN ! worker 1 (pid: ${pid}) died, exit code 1 :( trying respawn ...`,
    ]);
  });

  test('from the fourth death within ten seconds on a respawn waits, five seconds at most', () => {
    const master = new MasterDriver(1);
    master.boot();
    const waits: number[] = [];
    for (let death = 1; death <= 8; death++) {
      const [pid = 0] = master.state.slots[0]!.processes.map((process) => process.pid);
      master.killed(pid);
      const from = master.now;
      while (!master.slot(1).spawning) master.wait(100);
      waits.push(master.now - from);
      master.spawnOrdered();
    }
    const longest = [0, 0, 0, 500, 1000, 2000, 4000, 5000];
    for (const [death, wait] of waits.entries()) {
      const most = longest[death] ?? 0;
      assert.ok(wait <= most && wait >= most * 0.8, `${wait} ms after death ${death + 1}`);
    }
  });

  test('an endless crash loop never spawns more than nine processes in ten seconds', () => {
    const master = new MasterDriver(1);
    master.tick();
    const spawned: number[] = [];
    while (master.now < 120_000) {
      for (const pid of master.spawnOrdered()) {
        spawned.push(master.now);
        master.killed(pid);
      }
      master.wait(100);
    }
    const most = Math.max(
      ...spawned.map((from) => spawned.filter((at) => at >= from && at < from + 10_000).length),
    );
    assert.ok(most <= 9, `${most} in ten seconds`);
    assert.ok(spawned.length >= 24, 'and it is tried at least every five seconds');
    const late = spawned.filter((at) => at > 30_000);
    const gaps = late.slice(1).map((at, index) => at - (late[index] ?? 0));
    assert.ok(Math.min(...gaps) >= 4000, 'once at five seconds, the wait stays there');
  });

  test('deaths are forgotten after ten seconds', () => {
    const master = new MasterDriver(1);
    let [pid = 0] = master.boot();
    for (let death = 0; death < 12; death++) {
      assert.equal(only(master.killed(pid), 'spawn').length, 1, `death ${death}`);
      [pid = 0] = master.spawnOrdered();
      master.ready(pid);
      master.wait(5000);
    }
  });

  test('the line of a held back respawn tells how long', () => {
    const master = new MasterDriver(1);
    let [pid = 0] = master.boot();
    for (let death = 0; death < 3; death++) {
      master.killed(pid);
      [pid = 0] = master.spawnOrdered();
    }
    assert.deepEqual(lines(master.killed(pid)), [
      `DAMN ! worker 1 (pid: ${pid}) died, killed by signal 9 :( trying respawn in 0.5 seconds ...`,
    ]);
  });

  test('a worker that drained by itself is respawned without counting as a death', () => {
    const master = new MasterDriver(1);
    let [pid = 0] = master.boot();
    for (let time = 0; time < 8; time++) {
      const effects = master.exit(pid, 17);
      assert.deepEqual(lines(effects), [`...The work of process ${pid} is done. Seeya!`]);
      assert.equal(only(effects, 'spawn').length, 1);
      [pid = 0] = master.spawnOrdered();
      master.ready(pid);
    }
    assert.equal(master.slot(1).lastExit?.reason, 'drained');
  });

  test('an application that exits with the code of a drained worker while it loads is held back', () => {
    const master = new MasterDriver(1);
    master.tick();
    let spawns = 0;
    for (let time = 0; time < 100; time++) {
      for (const pid of master.spawnOrdered()) {
        spawns++;
        master.exit(pid, 17);
      }
      master.wait(100);
    }
    assert.ok(spawns < 10, `${spawns} processes in ten seconds`);
  });

  test('a process that the system does not start is tried again after a second', () => {
    const master = new MasterDriver(1);
    master.tick();
    const effects = master.post({ type: 'spawn-failed', worker: 1, message: 'spawn EAGAIN' });
    assert.deepEqual(effects, [
      { type: 'log', line: 'cannot spawn worker 1: spawn EAGAIN', severity: 'error' },
    ]);
    assert.deepEqual(master.wait(999), []);
    assert.deepEqual(master.wait(1), [{ type: 'spawn', worker: 1 }]);
  });

  test('a worker that had an exception outside a request serves until its replacement is ready', () => {
    const master = new MasterDriver(2);
    const [first = 0] = master.boot();
    assert.deepEqual(master.post({ type: 'fault', pid: first }), [
      {
        type: 'log',
        line: `worker 1 (pid: ${first}) had an exception outside a request: replacing it`,
        severity: 'warn',
      },
      { type: 'spawn', worker: 1 },
    ]);
    assert.deepEqual(master.post({ type: 'fault', pid: first }), [], 'told twice, done once');
    const [second = 0] = master.spawnOrdered();
    assert.equal(master.serving()[0], first);
    assert.deepEqual(master.ready(second), [{ type: 'send', pid: first, frame: 'drain' }]);
    assert.equal(master.serving()[0], second);
    assert.equal(master.state.generation, 0);
  });

  test('what comes from a process that is gone changes nothing', () => {
    const master = new MasterDriver(1);
    const [pid = 0] = master.boot();
    master.killed(pid);
    const before = master.state;
    assert.deepEqual(master.ready(pid), []);
    assert.deepEqual(master.post({ type: 'fault', pid }), []);
    assert.deepEqual(master.killed(pid), []);
    assert.equal(master.state, before);
  });
});

describe('the boot', () => {
  test('ends with 22 when the application cannot be loaded under --need-app', () => {
    const master = new MasterDriver(2);
    master.tick();
    const [first = 0, second = 0] = master.spawnOrdered();
    master.take();
    assert.deepEqual(master.exit(first, 22), [
      {
        type: 'log',
        line: `OOPS ! failed loading app in worker 1 (pid ${first})`,
        severity: 'error',
      },
      {
        type: 'log',
        line: 'need-app requested, destroying the instance...',
        severity: 'error',
      },
      { type: 'log', line: '...killing workers...' },
      { type: 'send', pid: second, frame: 'exit' },
    ]);
    assert.deepEqual(only(master.exit(second, 22), 'halt'), [{ type: 'halt', code: 22 }]);
    assert.equal(master.slot(1).lastExit?.reason, 'boot');
  });

  test('ends with 1 when the inherited socket cannot be listened on', () => {
    const master = new MasterDriver(1);
    master.tick();
    const [pid = 0] = master.spawnOrdered();
    const effects = master.exit(pid, 23);
    assert.match(lines(effects)[0] ?? '', /^worker 1 \(pid \d+\) cannot listen/);
    assert.deepEqual(only(effects, 'halt'), [{ type: 'halt', code: 1 }]);
  });

  for (const code of [22, 23]) {
    test(`once a worker was ready, exit code ${code} only holds the respawn back`, () => {
      const master = new MasterDriver(1);
      let [pid = 0] = master.boot();
      const spawned: number[] = [];
      for (let death = 0; death < 5; death++) {
        spawned.push(only(master.exit(pid, code), 'spawn').length);
        master.wait(5000);
        [pid = 0] = master.spawnOrdered();
      }
      assert.deepEqual(only(master.take(), 'halt'), []);
      assert.deepEqual(spawned, [1, 1, 1, 1, 1], 'five seconds apart they are never four in ten');
      assert.equal(master.state.phase, 'running');
    });
  }

  test('is not ended by a worker that crashes: that is tried again', () => {
    const master = new MasterDriver(1);
    master.tick();
    const [pid = 0] = master.spawnOrdered();
    assert.equal(only(master.exit(pid, 1), 'spawn').length, 1);
    assert.equal(master.state.phase, 'running');
  });
});
