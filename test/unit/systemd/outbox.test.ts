import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { enqueue, type Notification, wordsOf } from '../../../server/systemd/outbox.js';

function queued(...notifications: readonly Notification[]): readonly Notification[] {
  return notifications.reduce<readonly Notification[]>(enqueue, []);
}

test('what passes is told together with what comes next, and the newest status counts', () => {
  assert.deepEqual(
    queued({ STATUS: 'a' }, { WATCHDOG: '1' }, { STATUS: 'b' }, { READY: '1' }, { WATCHDOG: '1' }),
    [{ STATUS: 'b', WATCHDOG: '1', READY: '1' }],
  );
});

test('the begin and the end of a reload stay apart, in their order', () => {
  const [begin, end] = [{ RELOADING: '1', MONOTONIC_USEC: '5' }, { READY: '1' }];
  assert.deepEqual(queued(begin, end, begin), [begin, end, begin]);
});

test('a manager that takes nothing costs a few messages at most, and gets the last ones', () => {
  const many = Array.from({ length: 100 }, (_, index) => ({ MAINPID: String(index) }));
  const left = queued(...many);
  assert.equal(left.length, 8);
  assert.deepEqual(left.at(-1), { MAINPID: '99' });
});

test('a value never begins another variable', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const [word] = wordsOf({ STATUS: value });
      assert.match(word!, /^STATUS=[^\n\r\0]*$/);
    }),
  );
  assert.deepEqual(wordsOf({ STATUS: 'a\nMAINPID=1', READY: '1' }), [
    'STATUS=a MAINPID=1',
    'READY=1',
  ]);
});
