import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_PAYLOAD } from '../../../server/queue/bounds.js';
import { checkOrder } from '../../../server/queue/check-order.js';
import type { TaskOrder } from '../../../server/queue/contract.js';
import { orderOf } from '../../support/queue-orders.js';

test('what is no task is refused with what is wrong', () => {
  const cases: readonly (readonly [Partial<TaskOrder>, RegExp])[] = [
    [{ priority: 10 }, /priority 10: give a whole number from 0 to 9/],
    [{ retries: -1 }, /retries -1/],
    [{ backoff: NaN }, /backoff NaN/],
    [{ timeout: -1 }, /timeout -1/],
    [{ name: '' }, /name of 0 bytes/],
    [{ dedupeKey: 'é'.repeat(2049) }, /dedupeKey of 4098 bytes: give one of 1 to 4096 bytes/],
    [{ payload: '{' }, /payload "{" is not JSON/],
    [{ at: 1e20 }, /at 100000000000000000000/],
  ];
  for (const [changes, message] of cases) {
    assert.throws(() => checkOrder(orderOf(changes)), { code: 'invalid', message });
  }
});

test('a payload is taken up to its bound, and becomes one line', () => {
  const text = 'x'.repeat(MOST_PAYLOAD - 2);
  assert.equal(checkOrder(orderOf({ payload: `"${text}"` })), `"${text}"`);
  const longer = orderOf({ payload: `"${text}x"` });
  assert.throws(() => checkOrder(longer), { code: 'too large', message: /into the body/ });
  assert.equal(checkOrder(orderOf({ payload: '{\n  "cat": 1\n}' })), '{"cat":1}');
});
