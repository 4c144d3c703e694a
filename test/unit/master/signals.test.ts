import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, test, type TestContext } from 'node:test';
import type { MasterEvent } from '../../../server/master/decide/events.js';
import { handleSignals } from '../../../server/master/signals.js';

/** What a master is told of the signals that this process gets. */
function hear(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const events: MasterEvent[] = [];
  const target = new EventEmitter();
  const stop = handleSignals({ post: (event) => events.push(event) }, target);
  /** False: nobody listens, and the signal has its default effect. */
  const send = (signal: NodeJS.Signals): boolean => target.emit(signal, signal);
  return {
    events,
    send,
    stop,
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

  test('holds up no other signal, and is forgotten when all is over', (t) => {
    const { events, send, wait, stop } = hear(t);
    send('SIGHUP');
    send('SIGTERM');
    assert.deepEqual(events, [{ type: 'stop', graceful: true, by: 'SIGTERM' }]);
    stop();
    wait(1000);
    assert.equal(events.length, 1);
  });
});

test('a signal that comes when all is over neither orders anything nor ends the process', (t) => {
  const { events, send, stop } = hear(t);
  send('SIGINT');
  stop();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const) {
    assert.equal(send(signal), true, signal);
  }
  assert.deepEqual(events, [{ type: 'stop', graceful: false }]);
});
