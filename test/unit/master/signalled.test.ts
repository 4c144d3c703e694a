import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lines, MasterDriver, MERCY_MS, only } from '../../support/master-driver.js';

function signalled(master: MasterDriver, pid: number, signal: 'SIGHUP' | 'SIGTERM' | 'SIGINT') {
  return master.post({ type: 'signalled', pid, signal });
}

describe('a signal sent to a worker', () => {
  test('HUP has it replaced: the new process is ready before the old one drains', () => {
    const master = new MasterDriver(2);
    const [old = 0, other = 0] = master.boot();
    assert.deepEqual(signalled(master, old, 'SIGHUP'), [
      {
        type: 'log',
        line: `worker 1 (pid: ${old}) was sent SIGHUP...gracefully replacing it...`,
      },
      { type: 'spawn', worker: 1 },
    ]);
    const [fresh = 0] = master.spawnOrdered();
    assert.deepEqual(master.serving(), [old, other], 'the old one serves on');
    assert.deepEqual(only(master.ready(fresh), 'send'), [
      { type: 'send', pid: old, frame: 'drain' },
    ]);
    assert.deepEqual(master.serving(), [fresh, other]);
    assert.equal(master.state.generation, 0, 'no reload of all has run');
  });

  test('HUP twice asks for one replacement', () => {
    const master = new MasterDriver(1);
    const [old = 0] = master.boot();
    signalled(master, old, 'SIGHUP');
    assert.deepEqual(signalled(master, old, 'SIGHUP'), []);
    const [fresh = 0] = master.spawnOrdered();
    master.ready(fresh);
    assert.deepEqual(signalled(master, old, 'SIGHUP'), [], 'it drains already');
    assert.deepEqual(master.spawnOrdered(), []);
  });

  test('HUP whose replacement cannot start leaves it in place', () => {
    const master = new MasterDriver(1);
    const [old = 0] = master.boot();
    signalled(master, old, 'SIGHUP');
    const [fresh = 0] = master.spawnOrdered();
    assert.match(lines(master.exit(fresh, 1)).join('\n'), /the old workers stay/);
    assert.deepEqual(master.serving(), [old]);
  });

  test('TERM drains it at once, and its replacement is spawned meanwhile', () => {
    const master = new MasterDriver(1);
    const [old = 0] = master.boot();
    assert.deepEqual(signalled(master, old, 'SIGTERM'), [
      {
        type: 'log',
        line: `worker 1 (pid: ${old}) was sent SIGTERM...it finishes its requests...`,
      },
      { type: 'spawn', worker: 1 },
    ]);
    assert.match(lines(master.exit(old, 17)).join(), /buried after 0\.0 seconds/);
    assert.equal(master.slot(1).lastExit?.reason, 'killed');
    assert.deepEqual(master.slot(1).deaths, [], 'nothing crashed');
  });

  test('TERM is bounded by the mercy, which a second one does not renew', () => {
    const master = new MasterDriver(1);
    const [old = 0] = master.boot();
    signalled(master, old, 'SIGTERM');
    for (const pid of master.spawnOrdered()) master.ready(pid);
    master.wait(MERCY_MS / 2);
    assert.deepEqual(signalled(master, old, 'SIGTERM'), []);
    assert.deepEqual(only(master.wait(MERCY_MS / 2), 'sigkill'), [{ type: 'sigkill', pid: old }]);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`${signal} while it starts ends it without counting as a crash`, () => {
      const master = new MasterDriver(1);
      master.tick();
      const [first = 0] = master.spawnOrdered();
      assert.equal(only(signalled(master, first, signal), 'spawn').length, 1);
      master.exit(first, 30);
      assert.equal(master.slot(1).lastExit?.reason, 'killed');
      assert.deepEqual(master.slot(1).deaths, []);
    });
  }

  test('INT ends it, its exit is no crash, and it is respawned at once', () => {
    const master = new MasterDriver(1);
    const [old = 0] = master.boot();
    assert.deepEqual(lines(signalled(master, old, 'SIGINT')), [
      `worker 1 (pid: ${old}) was sent SIGINT...it exits...`,
    ]);
    master.exit(old, 30);
    assert.equal(master.slot(1).lastExit?.reason, 'killed');
    assert.deepEqual(master.slot(1).deaths, []);
    assert.equal(master.spawnOrdered().length, 1);
  });

  test('means nothing more when the master stops, or the process is unknown', () => {
    const master = new MasterDriver(1);
    const [old = 0] = master.boot();
    assert.deepEqual(signalled(master, 999, 'SIGTERM'), []);
    master.post({ type: 'stop', graceful: true });
    const before = master.state;
    assert.deepEqual(signalled(master, old, 'SIGHUP'), []);
    assert.deepEqual(master.state, before);
  });
});
