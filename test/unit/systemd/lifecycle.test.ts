import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NOTHING_TOLD, statusLine, tell, type Told } from '../../../server/systemd/lifecycle.js';
import type { Notification } from '../../../server/systemd/outbox.js';
import { EXIT } from '../../../server/wire/exit-codes.js';
import { MasterDriver } from '../../support/master-driver.js';

const IDLE = { busy: 0, perSecond: 0 };

/** Tells of the states of a master as the shell does, one after the other. */
class Listener {
  readonly master: MasterDriver;
  #told: Told = NOTHING_TOLD;

  constructor(master: MasterDriver) {
    this.master = master;
  }

  hear(monotonicUs = 5n): readonly Notification[] {
    const [told, notifications] = tell(this.#told, this.master.state, monotonicUs);
    this.#told = told;
    return notifications;
  }
}

/** A master of two workers that serves, and of which it was told that it is ready. */
function ready(): { listener: Listener; master: MasterDriver; pids: number[] } {
  const master = new MasterDriver(2);
  const listener = new Listener(master);
  assert.deepEqual(listener.hear(), []);
  const pids = master.boot();
  assert.deepEqual(listener.hear(), [{ READY: '1' }]);
  assert.deepEqual(listener.hear(), [], 'it is said once');
  return { listener, master, pids };
}

describe('a service manager is told', () => {
  test('that the instance is ready when every worker is', () => {
    const master = new MasterDriver(2);
    const listener = new Listener(master);
    master.tick();
    const [first = 0, second = 0] = master.spawnOrdered();
    assert.deepEqual(listener.hear(), []);
    master.post({ type: 'ready', pid: first, app: true, loadedInMs: 1 });
    assert.deepEqual(listener.hear(), []);
    master.post({ type: 'ready', pid: second, app: true, loadedInMs: 1 });
    assert.deepEqual(listener.hear(), [{ READY: '1' }]);
  });

  test('that it is ready with one worker when another died at its start', () => {
    const master = new MasterDriver(2);
    const listener = new Listener(master);
    master.tick();
    const [first = 0, second = 0] = master.spawnOrdered();
    master.exit(first, 1);
    assert.deepEqual(listener.hear(), []);
    master.post({ type: 'ready', pid: second, app: true, loadedInMs: 1 });
    assert.deepEqual(listener.hear(), [{ READY: '1' }]);
  });

  test('of a reload and of its end, with the time of each request for one', () => {
    const { listener, master, pids } = ready();
    master.post({ type: 'reload', worker: 'all', order: 0 });
    assert.deepEqual(listener.hear(7n), [{ RELOADING: '1', MONOTONIC_USEC: '7' }]);
    assert.deepEqual(listener.hear(8n), []);
    master.post({ type: 'reload', worker: 'all', order: 0 });
    assert.deepEqual(listener.hear(9n), [{ RELOADING: '1', MONOTONIC_USEC: '9' }]);
    master.tick();
    for (let round = 0; round < 4 && master.state.reload !== null; round++) {
      for (const pid of master.spawnOrdered()) {
        master.post({ type: 'ready', pid, app: true, loadedInMs: 1 });
      }
      for (const { processes } of master.state.slots) {
        for (const { pid, state } of processes) {
          if (state === 'draining' || pids.includes(pid)) master.exit(pid, EXIT.drained);
        }
      }
      master.tick();
    }
    assert.equal(master.state.reload, null);
    assert.deepEqual(listener.hear(), [{ READY: '1' }]);
  });

  test('once that it stops, and not when another master goes on', () => {
    const one = ready();
    one.master.post({ type: 'stop', graceful: true });
    assert.deepEqual(one.listener.hear(), [{ STOPPING: '1' }]);
    assert.deepEqual(one.listener.hear(), []);
    const other = ready();
    other.master.post({ type: 'upgrade' });
    other.master.post({ type: 'successor-ready', pid: 900 });
    assert.deepEqual(other.listener.hear(), []);
  });
});

describe('the line of its status', () => {
  test('says what the workers do', () => {
    const { master } = ready();
    assert.equal(statusLine(master.state, IDLE), '2 workers ready, 0 busy, 0 req/s');
    assert.equal(
      statusLine(master.state, { busy: 1, perSecond: 1234.5 }),
      '2 workers ready, 1 busy, 1200 req/s',
    );
    assert.equal(
      statusLine(new MasterDriver(1).state, IDLE),
      '0 of 1 worker ready, 0 busy, 0 req/s',
    );
  });

  test('says that workers accept and have no application', () => {
    const master = new MasterDriver(1);
    master.tick();
    for (const pid of master.spawnOrdered()) {
      master.post({ type: 'ready', pid, app: false, loadedInMs: 1 });
    }
    assert.equal(
      statusLine(master.state, IDLE),
      '1 worker ready, 0 busy, 0 req/s, 1 without an application',
    );
  });
});
