import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRequestTotal } from '../../../server/master/request-total.js';

test('a worker is told what the others have counted, and only when that has changed', () => {
  const counted = new Map([
    [7, 10],
    [8, 5],
  ]);
  const sent: string[] = [];
  const total = createRequestTotal(
    () => [...counted.values()].reduce((sum, count) => sum + count, 0),
    (pid) => counted.get(pid) ?? 0,
    (pid, requests) => sent.push(`${pid}: ${requests}`),
  );
  const told = (): string[] => {
    total.tell([7, 8]);
    return sent.splice(0);
  };
  assert.deepEqual(told(), ['7: 5', '8: 10']);
  assert.deepEqual(told(), []);
  counted.set(8, 6);
  assert.deepEqual(told(), ['7: 6']);
  total.forget(8);
  assert.deepEqual(told(), ['8: 10'], 'another process got the same pid');
});
