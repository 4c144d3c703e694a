import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, test } from 'node:test';
import { type TakenSignal, takeSignals } from '../../../server/worker/signals.js';

/** An emitter in place of `process`, what it was sent, and what its application heard. */
function setUp(prepare: (target: EventEmitter, heard: string[]) => void = () => undefined) {
  const target = new EventEmitter();
  const got: TakenSignal[] = [];
  const heard: string[] = [];
  prepare(target, heard);
  const signals = takeSignals(target, (signal) => got.push(signal));
  const part = (): void => {
    for (const terminate of signals.terminators()) terminate();
  };
  return { target, got, heard, signals, part };
}

describe('the signals of a worker', () => {
  test('are its own: listeners of the application do not hear them', () => {
    const { target, got, heard } = setUp();
    for (const signal of ['SIGHUP', 'SIGTERM', 'SIGINT']) {
      target.on(signal, () => heard.push(signal));
      assert.equal(target.emit(signal), true);
    }
    assert.deepEqual(got, ['SIGHUP', 'SIGTERM', 'SIGINT']);
    assert.deepEqual(heard, []);
  });

  test('include SIGUSR1, which the application hears as well', () => {
    const { target, got, heard } = setUp();
    target.on('SIGUSR1', () => heard.push('SIGUSR1'));
    target.emit('SIGUSR1');
    assert.deepEqual([got, heard], [['SIGUSR1'], ['SIGUSR1']]);
  });

  test('do not include others, nor events that are no signals', () => {
    const { target, got, heard } = setUp();
    target.on('SIGUSR2', (name: string) => heard.push(name));
    target.emit('SIGUSR2', 'SIGUSR2', 12);
    assert.equal(target.emit('message'), false);
    assert.deepEqual([got, heard], [[], ['SIGUSR2']]);
  });

  test('call the SIGTERM listeners of the application at its farewell, once, in their order', () => {
    const { target, heard, part } = setUp();
    target.on('SIGTERM', (...args: unknown[]) => heard.push(`on ${args.join()}`));
    target.once('SIGTERM', () => heard.push('once'));
    target.prependListener('SIGTERM', () => heard.push('first'));
    target.emit('SIGTERM', 'SIGTERM', 15);
    part();
    assert.deepEqual(heard, ['first', 'on SIGTERM,15', 'once']);
    part();
    assert.deepEqual(heard.slice(3), ['first', 'on SIGTERM,15'], 'that for one time is gone');
  });

  test('call the SIGINT listeners at the farewell of an application that has none for SIGTERM', () => {
    const { target, heard, part } = setUp();
    target.on('SIGINT', (...args: unknown[]) => heard.push(`on ${args.join()}`));
    target.emit('SIGINT', 'SIGINT', 2);
    heard.push('the farewell');
    part();
    target.on('SIGTERM', () => heard.push('SIGTERM'));
    part();
    // Not both: they are often the same.
    assert.deepEqual(heard, ['the farewell', 'on SIGINT,2', 'SIGTERM']);
  });

  test('do not call a listener that was removed', () => {
    const { target, heard, signals } = setUp();
    const listener = (): unknown => heard.push('removed');
    target.on('SIGTERM', listener);
    target.off('SIGTERM', listener);
    assert.equal(signals.terminators().length, 0);
  });

  test('are taken from listeners that a preload had added before', () => {
    const { target, got, heard, part } = setUp((early, log) => {
      early.on('SIGTERM', () => log.push('preload'));
      early.once('SIGTERM', () => log.push('preload once'));
    });
    target.emit('SIGTERM');
    assert.deepEqual([got, heard], [['SIGTERM'], []]);
    part();
    assert.deepEqual(heard, ['preload', 'preload once']);
  });

  test('stay taken when the application removes all listeners', () => {
    for (const removals of [['SIGTERM'], []]) {
      const { target, got, heard, signals } = setUp();
      target.on('SIGTERM', () => heard.push('app'));
      target.prependListener('SIGTERM', () => heard.push('app'));
      target.removeAllListeners(...removals);
      target.emit('SIGTERM');
      assert.deepEqual([got, heard], [['SIGTERM'], []]);
      assert.equal(signals.terminators().length, 0);
    }
  });

  test('are never without a listener, or Node would give them their default effect back', () => {
    const { target } = setUp();
    // Node's own listener stands on the same event.
    target.on('removeListener', () => undefined);
    target.on('SIGTERM', () => undefined);
    target.removeAllListeners('SIGTERM');
    target.removeAllListeners('SIGUSR1');
    assert.equal(target.listenerCount('SIGTERM'), 1);
    assert.equal(target.listenerCount('SIGUSR1'), 1);
  });
});
