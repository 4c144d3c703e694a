import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { MasterEvent } from '../../../server/master/decide/events.js';
import { bootVerdict, UPGRADE_MS } from '../../../server/master/decide/upgrade.js';
import { EXIT } from '../../../server/wire/exit-codes.js';
import { lines, MasterDriver, only } from '../../support/master-driver.js';

/** A master of two ready workers that was asked for an upgrade. */
function upgrading(): { master: MasterDriver; pids: number[] } {
  const master = new MasterDriver(2);
  const pids = master.boot();
  master.post({ type: 'upgrade' });
  return { master, pids };
}

describe('an upgrade', () => {
  test('starts one new master, and the old one serves on', () => {
    const { master, pids } = upgrading();
    assert.equal(only(master.take(), 'launch-successor').length, 1);
    assert.deepEqual(master.serving(), pids);
    assert.deepEqual(lines(master.post({ type: 'upgrade' })), [
      'upgrade refused: a new master is being started already',
    ]);
    assert.deepEqual(only(master.take(), 'launch-successor'), []);
  });

  test('is handed over before the old workers drain, and the old master then ends', () => {
    const { master, pids } = upgrading();
    const effects = master.post({ type: 'successor-ready', pid: 900 });
    assert.deepEqual(
      effects.map((effect) =>
        effect.type === 'send' ? `${effect.frame} ${effect.pid}` : effect.type,
      ),
      ['log', 'hand-over', ...pids.map((pid) => `drain ${pid}`)],
    );
    assert.deepEqual(lines(effects), [
      '*** master 900 has taken over, the workers of this one finish their requests ***',
    ]);
    master.take();
    for (const pid of pids) master.exit(pid, EXIT.drained);
    const left = master.take();
    assert.deepEqual(only(left, 'halt'), [{ type: 'halt', code: 0 }]);
    assert.deepEqual(
      only(left, 'end-successor'),
      [],
      'the new master is not ended with the old one',
    );
  });

  test('that failed is abandoned with its reason, and can be tried again', () => {
    const { master, pids } = upgrading();
    const effects = master.post({ type: 'successor-failed', reason: 'no such file' });
    assert.deepEqual(lines(effects), [
      '*** upgrade abandoned, this master stays: no such file ***',
    ]);
    assert.equal(only(effects, 'end-successor').length, 1);
    assert.deepEqual(master.serving(), pids);
    assert.equal(master.state.phase, 'running');
    assert.deepEqual(
      master.post({ type: 'successor-failed', reason: 'it ended' }),
      [],
      'the end of a new master that was given up is no news',
    );
    assert.equal(only(master.post({ type: 'upgrade' }), 'launch-successor').length, 1);
  });

  test('is remembered with how it ended, by the master that stays and by the new one', () => {
    const { master } = upgrading();
    assert.equal(master.state.lastUpgrade.state, 'none');
    master.wait(2000);
    master.post({ type: 'successor-failed', reason: 'no such file' });
    const at = master.now;
    const ended = { state: 'abandoned', reason: 'no such file', at };
    assert.deepEqual(master.state.lastUpgrade, ended);
    const successor = new MasterDriver(1);
    successor.boot();
    successor.post({ type: 'taken-over' });
    assert.equal(successor.state.lastUpgrade.state, 'done');
  });

  test('that takes too long is abandoned; a word that comes later changes nothing', () => {
    const { master, pids } = upgrading();
    assert.deepEqual(lines(master.wait(UPGRADE_MS - 1)), []);
    const effects = master.wait(1);
    assert.match(lines(effects).join(), /abandoned.*not ready after 90 seconds/);
    assert.equal(only(effects, 'end-successor').length, 1);
    assert.deepEqual(master.post({ type: 'successor-ready', pid: 900 }), []);
    assert.deepEqual(master.serving(), pids);
  });

  test('is over when the old master is told to stop: both end', () => {
    const { master } = upgrading();
    const effects = master.post({ type: 'stop', graceful: true });
    assert.equal(only(effects, 'end-successor').length, 1);
    assert.deepEqual(only(master.post({ type: 'successor-ready', pid: 900 }), 'hand-over'), []);
    assert.deepEqual(lines(master.post({ type: 'upgrade' })), [
      'upgrade refused: this master is stopping',
    ]);
  });

  test('that was handed over is not taken back when the new master dies', () => {
    const { master } = upgrading();
    master.post({ type: 'successor-ready', pid: 900 });
    assert.deepEqual(master.post({ type: 'successor-failed', reason: 'it ended' }), []);
    assert.equal(master.state.phase, 'stopping');
  });
});

describe('a master on trial', () => {
  test('may take over when every worker is ready, not before', () => {
    const master = new MasterDriver(2);
    assert.equal(bootVerdict(master.state).type, 'pending', 'nothing was started yet');
    master.tick();
    assert.equal(bootVerdict(master.state).type, 'pending');
    const [first = 0, second = 0] = master.spawnOrdered();
    master.ready(first);
    assert.equal(bootVerdict(master.state).type, 'pending');
    master.ready(second);
    assert.equal(bootVerdict(master.state).type, 'ready');
  });

  test('fails with the first worker that cannot load the application', () => {
    const master = new MasterDriver(2);
    master.tick();
    const [first = 0] = master.spawnOrdered();
    master.exit(first, EXIT.noApp);
    assert.deepEqual(bootVerdict(master.state), {
      type: 'failed',
      reason: `its worker 1 (pid: ${first}) could not serve the application`,
    });
  });

  test('fails with the first worker that dies, or cannot be spawned', () => {
    const dead = new MasterDriver(1);
    dead.tick();
    const [pid = 0] = dead.spawnOrdered();
    dead.killed(pid);
    assert.deepEqual(bootVerdict(dead.state), {
      type: 'failed',
      reason: `its worker 1 (pid: ${pid}) died before it was ready, SIGKILL`,
    });
    const full = new MasterDriver(1);
    full.tick();
    full.post({ type: 'spawn-failed', worker: 1, message: 'EAGAIN' });
    assert.deepEqual(bootVerdict(full.state), {
      type: 'failed',
      reason: 'its worker 1 cannot be spawned',
    });
  });

  test('fails when it is told to stop', () => {
    const master = new MasterDriver(1);
    master.tick();
    master.spawnOrdered();
    master.post({ type: 'stop', graceful: true });
    assert.deepEqual(bootVerdict(master.state), { type: 'failed', reason: 'it was told to stop' });
  });
});

/** What may happen around an upgrade; a number is a wait in milliseconds. */
const happening: fc.Arbitrary<MasterEvent | number> = fc.oneof(
  fc.nat(UPGRADE_MS),
  fc.constantFrom<MasterEvent>(
    { type: 'upgrade' },
    { type: 'successor-ready', pid: 900 },
    { type: 'successor-failed', reason: 'it does not load' },
    { type: 'reload', worker: 'all', order: 0 },
    { type: 'stop', graceful: true },
  ),
);

test('whatever happens, there is one new master at most, and it serves or is ended', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
      const master = new MasterDriver(2);
      master.boot();
      for (const next of [...happenings, { type: 'stop', graceful: false } as const]) {
        if (typeof next === 'number') master.wait(next);
        else master.post(next);
      }
      let state: 'none' | 'on its way' | 'serves' = 'none';
      for (const { type } of master.take()) {
        if (type === 'launch-successor') {
          assert.equal(state, 'none');
          state = 'on its way';
        } else if (type === 'hand-over') {
          assert.equal(state, 'on its way');
          state = 'serves';
        } else if (type === 'end-successor') {
          assert.notEqual(state, 'serves');
          state = 'none';
        }
      }
      assert.notEqual(state, 'on its way', 'it outlives the old master without serving');
    }),
  );
});
