import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lines, MasterDriver, only } from '../../support/master-driver.js';

const PAUSED = 'paused: the workers accept nothing, connections wait in the kernel';

describe('a pause', () => {
  test('is told to every process that accepts or will, and taken back the same way', () => {
    const master = new MasterDriver(2);
    const [first = 0, second = 0] = master.boot();
    master.reload(0, 2);
    const [loading = 0] = master.spawnOrdered();
    assert.deepEqual(master.post({ type: 'pause', order: 3 }), [
      { type: 'log', line: `*** ${PAUSED} ***` },
      { type: 'send', pid: first, frame: 'pause' },
      { type: 'send', pid: second, frame: 'pause' },
      { type: 'send', pid: loading, frame: 'pause' },
      { type: 'outcome', order: 3, ok: true, message: PAUSED },
    ]);
    assert.equal(master.state.paused, true);
    master.ready(loading);
    const resumed = master.post({ type: 'pause' });
    assert.deepEqual(lines(resumed), ['*** resumed: the workers accept again ***']);
    assert.deepEqual(
      only(resumed, 'send').map(({ pid, frame }) => [pid, frame]),
      [
        [first, 'resume'],
        [loading, 'resume'],
      ],
      'not to the one that drains',
    );
  });

  test('that is there already is not ordered again, but the requester is told', () => {
    const master = new MasterDriver(1);
    master.boot();
    assert.deepEqual(master.post({ type: 'pause', paused: false }), [], 'SIGCONT, while it runs');
    master.post({ type: 'pause', paused: true });
    assert.deepEqual(master.post({ type: 'pause', paused: true, order: 8 }), [
      { type: 'outcome', order: 8, ok: true, message: PAUSED },
    ]);
  });

  test('lasts over respawns and reloads, and a stop ends the paused as others', () => {
    const master = new MasterDriver(2);
    const [first = 0] = master.boot();
    master.post({ type: 'pause' });
    master.killed(first);
    for (const pid of master.spawnOrdered()) master.ready(pid);
    master.reload(1);
    while (master.state.reload !== null) {
      for (const pid of master.spawnOrdered()) master.ready(pid);
      master.wait(100);
    }
    assert.equal(master.state.paused, true);
    master.take();
    const sent = only(master.post({ type: 'stop', graceful: true }), 'send');
    assert.deepEqual(
      sent.map(({ frame }) => frame),
      ['drain', 'drain'],
    );
    assert.deepEqual(master.post({ type: 'pause', order: 2 }), [
      { type: 'outcome', order: 2, ok: false, message: 'the master is stopping' },
    ]);
  });
});

test('statistics are asked of the shell, which has the books', () => {
  const master = new MasterDriver(1);
  master.boot();
  assert.deepEqual(master.post({ type: 'statistics' }), [{ type: 'statistics' }]);
});
