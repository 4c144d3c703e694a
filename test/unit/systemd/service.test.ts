import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { takeManager } from '../../../server/systemd/manager.js';
import type { Notifier } from '../../../server/systemd/notifier.js';
import type { Notification } from '../../../server/systemd/outbox.js';
import { createService } from '../../../server/systemd/service.js';
import { MasterDriver } from '../../support/master-driver.js';

describe('the service manager', () => {
  test('is taken out of the environment', () => {
    const env = {
      ...{ NOTIFY_SOCKET: '@shop', WATCHDOG_USEC: '30000000', PATH: '/bin' },
      WATCHDOG_PID: String(process.pid),
    };
    assert.deepEqual(takeManager(env, false), {
      ...{ socket: '@shop', path: '/bin', isSuccessor: false, watchdogMs: 15_000 },
    });
    assert.deepEqual(env, { PATH: '/bin' }, 'no child sees it');
    assert.equal(takeManager({}, false), null);
    for (const socket of ['', '@', 'relative.sock', 'vsock:2:1']) {
      assert.equal(takeManager({ NOTIFY_SOCKET: socket }, false), null, socket);
    }
  });

  test('has a watchdog only for the process that it means, or one that follows it', () => {
    const watchdog = (usec: string, pid: string, isSuccessor: boolean) => {
      const env = { NOTIFY_SOCKET: '/n', WATCHDOG_USEC: usec, WATCHDOG_PID: pid };
      return takeManager(env, isSuccessor)?.watchdogMs;
    };
    assert.equal(watchdog('2000000', '1', false), null);
    assert.equal(watchdog('2000000', '1', true), 1000);
    for (const usec of ['0', '-5', 'x', '']) assert.equal(watchdog(usec, '1', true), null);
  });
});

/** A notifier that keeps what it was to send. */
function keeper(): { sent: Notification[]; notifier: Notifier } {
  const sent: Notification[] = [];
  const notifier = {
    send: (notification: Notification) => void sent.push(notification),
    flushed: () => Promise.resolve(),
  };
  return { sent, notifier };
}

const activity = () => ({ busy: 0, requests: 0 });
const STATUS = '1 worker ready, 0 busy, 0 req/s';

describe('an instance', () => {
  test('speaks of itself until it hands over, and names who goes on', async () => {
    const { sent, notifier } = keeper();
    const service = createService(notifier, { watchdogMs: null, isSuccessor: false });
    const master = new MasterDriver(1);
    master.boot();
    service.watch(activity);
    service.observe(master.state);
    service.handOver(900);
    master.post({ type: 'stop', graceful: true });
    service.observe(master.state);
    await service.ended(1);
    assert.deepEqual(sent, [{ READY: '1', STATUS }, { MAINPID: '900' }]);
  });

  test('that follows another is silent until it takes over', async () => {
    const { sent, notifier } = keeper();
    const service = createService(notifier, { watchdogMs: null, isSuccessor: true });
    const master = new MasterDriver(1);
    master.boot();
    service.observe(master.state);
    assert.deepEqual(sent, []);
    service.takeOver(901);
    service.observe(master.state);
    assert.deepEqual(sent, [{ MAINPID: '901', READY: '1', STATUS }]);
    const silent = keeper();
    await createService(silent.notifier, { watchdogMs: null, isSuccessor: true }).ended(1);
    assert.deepEqual(silent.sent, [], 'one that failed on trial says nothing of the service');
  });

  test('that does not get to serve says so, with its exit code', async () => {
    const { sent, notifier } = keeper();
    await createService(notifier, { watchdogMs: null, isSuccessor: false }).ended(22);
    assert.deepEqual(sent, [
      { STATUS: 'did not get to serve, exit code 22: the log says why', EXIT_STATUS: '22' },
    ]);
  });

  test('feeds the watchdog once it is ready, and tells a status only when it has changed', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const { sent, notifier } = keeper();
    const service = createService(notifier, { watchdogMs: 500, isSuccessor: false }, 1000);
    const master = new MasterDriver(1);
    service.watch(activity);
    service.observe(master.state);
    t.mock.timers.tick(2000);
    assert.deepEqual(sent, [], 'nothing is told of what has not begun');
    master.boot();
    service.observe(master.state);
    t.mock.timers.tick(2000);
    const watchdog = { WATCHDOG: '1' };
    assert.deepEqual(sent, [{ READY: '1', STATUS }, ...Array.from({ length: 4 }, () => watchdog)]);
    master.post({ type: 'pause', paused: true });
    service.observe(master.state);
    t.mock.timers.tick(1000);
    assert.deepEqual(sent.filter((each) => 'STATUS' in each).slice(1), [
      { STATUS: `${STATUS}, paused` },
    ]);
    await service.ended(0);
    const before = sent.length;
    t.mock.timers.tick(5000);
    assert.equal(sent.length, before);
  });
});
