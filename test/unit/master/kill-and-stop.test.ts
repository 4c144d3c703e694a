import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KillSignal } from '../../../shared/commands.js';
import { lines, MasterDriver, MERCY_MS, only } from '../../support/master-driver.js';

function kill(master: MasterDriver, pid: number, signal: KillSignal, order = 1) {
  return master.post({ type: 'kill', pid, signal, order });
}

describe('killing a worker', () => {
  test('with TERM lets it finish its requests while its successor starts', () => {
    const master = new MasterDriver(1);
    const [pid = 0] = master.boot();
    assert.deepEqual(kill(master, pid, 'TERM'), [
      { type: 'log', line: `killing worker 1 (pid: ${pid}) with TERM` },
      { type: 'send', pid, frame: 'drain' },
      { type: 'spawn', worker: 1 },
    ]);
    const [fresh = 0] = master.spawnOrdered();
    master.now = 300;
    assert.deepEqual(only(master.ready(fresh), 'outcome'), [], 'the old one is not gone yet');
    master.now = 2000;
    assert.deepEqual(only(master.exit(pid, 17), 'outcome'), [
      {
        type: 'outcome',
        order: 1,
        ok: true,
        message: `worker 1: pid ${pid} drained in 2.0 s, pid ${fresh} ready in 0.3 s`,
      },
    ]);
    assert.equal(master.slot(1).lastExit?.reason, 'killed');
  });

  test('with TERM a second time does not cut its requests off', () => {
    const master = new MasterDriver(1);
    const [pid = 0] = master.boot();
    kill(master, pid, 'TERM', 1);
    master.now = 1000;
    assert.deepEqual(only(kill(master, pid, 'TERM', 2), 'send'), [
      { type: 'send', pid, frame: 'drain' },
    ]);
    assert.deepEqual(only(master.wait(MERCY_MS - 1001), 'sigkill'), []);
    assert.deepEqual(only(master.wait(1), 'sigkill'), [{ type: 'sigkill', pid }]);
    for (const fresh of master.spawnOrdered()) master.ready(fresh);
    assert.deepEqual(
      only(master.exit(pid, 17), 'outcome').map(({ order, ok }) => [order, ok]),
      [
        [1, true],
        [2, true],
      ],
    );
  });

  test('with HUP starts its replacement first', () => {
    const master = new MasterDriver(1);
    const [pid = 0] = master.boot();
    const effects = kill(master, pid, 'HUP');
    assert.deepEqual(only(effects, 'send'), []);
    assert.equal(only(effects, 'spawn').length, 1);
    const [fresh = 0] = master.spawnOrdered();
    const done = master.ready(fresh);
    assert.deepEqual(only(done, 'send'), [{ type: 'send', pid, frame: 'drain' }]);
    assert.equal(only(done, 'outcome')[0]?.ok, true);
  });

  test('with INT ends it at once, with SIGKILL after two seconds', () => {
    const master = new MasterDriver(1);
    const [pid = 0] = master.boot();
    assert.deepEqual(only(kill(master, pid, 'INT'), 'send'), [
      { type: 'send', pid, frame: 'exit' },
    ]);
    assert.deepEqual(only(master.wait(1999), 'sigkill'), []);
    kill(master, pid, 'INT', 2);
    assert.deepEqual(
      only(master.wait(1), 'sigkill'),
      [{ type: 'sigkill', pid }],
      'asking again does not put it off',
    );
  });

  test('with KILL leaves it to the kernel, and does not count against the worker', () => {
    const master = new MasterDriver(1);
    let [pid = 0] = master.boot();
    for (let time = 1; time <= 6; time++) {
      assert.deepEqual(only(kill(master, pid, 'KILL', time), 'sigkill'), [
        { type: 'sigkill', pid },
      ]);
      master.killed(pid);
      assert.deepEqual(master.slot(1).deaths, []);
      const old = pid;
      [pid = 0] = master.spawnOrdered();
      assert.deepEqual(only(master.ready(pid), 'outcome'), [
        {
          type: 'outcome',
          order: time,
          ok: true,
          message: `worker 1: pid ${old} killed in 0.0 s, pid ${pid} ready in 0.0 s`,
        },
      ]);
    }
  });

  test('while it starts ends it, whatever the signal', () => {
    for (const signal of ['TERM', 'HUP', 'INT'] as const) {
      const master = new MasterDriver(1);
      master.tick();
      const [pid = 0] = master.spawnOrdered();
      assert.deepEqual(only(kill(master, pid, signal), 'send'), [
        { type: 'send', pid, frame: 'exit' },
      ]);
    }
  });

  test('that is gone is refused', () => {
    const master = new MasterDriver(1);
    master.boot();
    assert.deepEqual(kill(master, 4711, 'TERM'), [
      { type: 'outcome', order: 1, ok: false, message: 'pid 4711 is gone' },
    ]);
  });

  test('whose successor does not come is told after half a minute', () => {
    const master = new MasterDriver(1);
    const [pid = 0] = master.boot();
    kill(master, pid, 'KILL');
    master.killed(pid);
    master.spawnOrdered();
    assert.deepEqual(only(master.wait(29_999), 'outcome'), []);
    assert.deepEqual(only(master.wait(1), 'outcome'), [
      {
        type: 'outcome',
        order: 1,
        ok: false,
        message: `worker 1: pid ${pid} killed in 0.0 s, but no successor is ready yet`,
      },
    ]);
  });
});

describe('the stop', () => {
  test('on SIGTERM lets every worker finish and halts when the last is gone', () => {
    const master = new MasterDriver(2);
    const [first = 0, second = 0] = master.boot();
    assert.deepEqual(master.post({ type: 'stop', graceful: true }), [
      {
        type: 'log',
        line: 'SIGTERM received...workers finish their requests (60 seconds at most)...',
      },
      { type: 'send', pid: first, frame: 'drain' },
      { type: 'send', pid: second, frame: 'drain' },
    ]);
    assert.deepEqual(only(master.exit(first, 17), 'halt'), []);
    const last = master.exit(second, 17);
    assert.deepEqual(lines(last), [`worker 2 (pid: ${second}) buried after 0.0 seconds`]);
    assert.deepEqual(only(last, 'halt'), [{ type: 'halt', code: 0 }]);
    assert.deepEqual(master.wait(1000), []);
    assert.deepEqual(master.post({ type: 'stop', graceful: false }), [], 'it halts once');
  });

  test('on SIGINT ends every worker at once', () => {
    const master = new MasterDriver(1);
    const [pid = 0] = master.boot();
    assert.deepEqual(master.post({ type: 'stop', graceful: false }), [
      { type: 'log', line: '...killing workers...' },
      { type: 'send', pid, frame: 'exit' },
    ]);
    assert.deepEqual(only(master.wait(2000), 'sigkill'), [{ type: 'sigkill', pid }]);
  });

  test('names who asked for it', () => {
    const master = new MasterDriver(1);
    master.boot();
    const effects = master.post({ type: 'stop', graceful: true, by: 'SIGQUIT' });
    assert.match(lines(effects)[0] ?? '', /^SIGQUIT received\.\.\.workers finish/);
  });

  test('asked for a second time leaves what was told to exit to the kernel', () => {
    const master = new MasterDriver(2);
    const [first = 0, second = 0] = master.boot();
    master.post({ type: 'stop', graceful: false });
    master.exit(first, 30);
    assert.deepEqual(only(master.post({ type: 'stop', graceful: false }), 'sigkill'), [
      { type: 'sigkill', pid: second },
    ]);
    assert.deepEqual(only(master.killed(second), 'halt'), [{ type: 'halt', code: 0 }]);
  });

  test('while workers still load ends them at once, and spawns none', () => {
    const master = new MasterDriver(2);
    master.tick();
    const [first = 0] = master.spawnOrdered();
    const effects = master.post({ type: 'stop', graceful: true });
    assert.deepEqual(only(effects, 'send')[0], { type: 'send', pid: first, frame: 'exit' });
    for (const pid of [101, 102]) master.exit(pid, 30);
    assert.deepEqual(only(master.take(), 'halt'), [{ type: 'halt', code: 0 }]);
  });

  test('asked for a second time no longer waits for requests', () => {
    const master = new MasterDriver(1);
    const [pid = 0] = master.boot();
    master.post({ type: 'stop', graceful: true });
    assert.deepEqual(only(master.post({ type: 'stop', graceful: true }), 'send'), [
      { type: 'send', pid, frame: 'exit' },
    ]);
    assert.deepEqual(only(master.wait(2000), 'sigkill'), [{ type: 'sigkill', pid }]);
  });

  test('asked for again and again still kills a worker that does not obey', () => {
    const master = new MasterDriver(1);
    const [pid = 0] = master.boot();
    master.post({ type: 'stop', graceful: false });
    for (let second = 0; second < 5; second++) {
      master.now += 1000;
      master.post({ type: 'stop', graceful: false });
    }
    assert.ok(only(master.take(), 'sigkill').some((effect) => effect.pid === pid));
  });

  test('ends a worker that is starting, which has no requests to finish', () => {
    const master = new MasterDriver(1);
    master.tick();
    const [pid = 0] = master.spawnOrdered();
    assert.deepEqual(only(master.post({ type: 'stop', graceful: true }), 'send'), [
      { type: 'send', pid, frame: 'exit' },
    ]);
    assert.deepEqual(master.ready(pid), [], 'it does not serve any more');
    assert.deepEqual(only(master.exit(pid, 30), 'halt'), [{ type: 'halt', code: 0 }]);
  });

  test('waits for a process that is on its way, and ends it', () => {
    const master = new MasterDriver(1);
    master.tick();
    assert.deepEqual(only(master.post({ type: 'stop', graceful: true }), 'halt'), []);
    const [pid = 0] = master.spawnOrdered();
    assert.deepEqual(only(master.take(), 'send'), [{ type: 'send', pid, frame: 'exit' }]);
    assert.deepEqual(only(master.exit(pid, 30), 'halt').length, 1);
  });

  test('needs no process when the one on its way was not started', () => {
    const master = new MasterDriver(1);
    master.tick();
    master.post({ type: 'stop', graceful: true });
    const effects = master.post({ type: 'spawn-failed', worker: 1, message: 'spawn EAGAIN' });
    assert.deepEqual(only(effects, 'halt'), [{ type: 'halt', code: 0 }]);
  });

  test('spawns nothing, whoever dies', () => {
    const master = new MasterDriver(2);
    const [first = 0] = master.boot();
    master.post({ type: 'stop', graceful: true });
    master.killed(first);
    master.wait(30_000);
    assert.deepEqual(only(master.take(), 'spawn'), []);
  });

  test('tells whoever waits for a reload or a kill', () => {
    const master = new MasterDriver(2);
    const [first = 0, second = 0] = master.boot();
    master.reload(1);
    master.reload(2, 2);
    kill(master, first, 'TERM', 3);
    master.post({ type: 'stop', graceful: false });
    for (const pid of [first, second, ...master.spawnOrdered()]) master.exit(pid, 30);
    assert.deepEqual(
      only(master.take(), 'outcome')
        .map(({ order, ok }) => [order, ok])
        .sort(),
      [
        [1, false],
        [2, false],
        [3, true],
      ],
    );
  });

  test('refuses a reload', () => {
    const master = new MasterDriver(1);
    master.boot();
    master.post({ type: 'stop', graceful: true });
    assert.deepEqual(master.reload(9), [
      { type: 'outcome', order: 9, ok: false, message: 'the master is stopping' },
    ]);
  });
});

test('who asked for the stop is told when everything has ended, and what had to be killed', () => {
  const master = new MasterDriver(2);
  const [first = 0, second = 0] = master.boot();
  assert.deepEqual(only(master.post({ type: 'stop', graceful: true, order: 7 }), 'outcome'), []);
  master.exit(first, 17);
  assert.deepEqual(master.wait(MERCY_MS).at(-1), { type: 'sigkill', pid: second });
  master.wait(MERCY_MS);
  assert.deepEqual(master.killed(second).slice(-2), [
    { type: 'outcome', order: 7, ok: true, message: 'stopped, 2/2 processes ended, 1 forced' },
    { type: 'halt', code: 0 },
  ]);
});
