import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { MasterEvent } from '../../../server/master/decide/events.js';
import { handleSignals } from '../../../server/master/signals.js';

/** What a master is told of the signals that this process gets. */
function hear(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const events: MasterEvent[] = [];
  const unhandle = handleSignals({
    post(event) {
      events.push(event);
    },
  });
  t.after(unhandle);
  const send = (signal: NodeJS.Signals): void => {
    process.emit(signal, signal);
  };
  return {
    events,
    send,
    unhandle,
    wait: (ms: number) => {
      t.mock.timers.tick(ms);
    },
  };
}

const RELOAD: MasterEvent = { type: 'reload', worker: 'all', order: 0 };

describe('a hang-up', () => {
  test('that comes twice, as of a terminal that closes, is one reload', (t) => {
    const { events, send, wait } = hear(t);
    send('SIGHUP');
    wait(20);
    send('SIGHUP');
    assert.deepEqual(events, [], 'it begins after both');
    wait(30);
    assert.deepEqual(events, [RELOAD]);
    wait(1000);
    assert.deepEqual(events, [RELOAD]);
  });

  test('that comes later is another reload', (t) => {
    const { events, send, wait } = hear(t);
    send('SIGHUP');
    wait(60);
    send('SIGHUP');
    wait(60);
    assert.deepEqual(events, [RELOAD, RELOAD]);
  });

  test('holds up no other signal, and is forgotten with the handlers', (t) => {
    const { events, send, wait, unhandle } = hear(t);
    send('SIGHUP');
    send('SIGTERM');
    assert.deepEqual(events, [{ type: 'stop', graceful: true, by: 'SIGTERM' }]);
    unhandle();
    wait(1000);
    assert.equal(events.length, 1);
  });
});
