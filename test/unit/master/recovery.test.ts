import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecovery } from '../../../server/master/recovery.js';

/** The recoveries that began, and the ends of those that are under way. */
function recorded() {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const recovery = createRecovery((queue, onEnd) => {
    begun.push(queue);
    ends.push(onEnd);
  });
  return { recovery, begun, end: () => ends.shift()?.() };
}

test('queues are recovered side by side', () => {
  const { recovery, begun } = recorded();
  recovery.ask('/a');
  recovery.ask('/b');
  assert.deepEqual(begun, ['/a', '/b']);
});

test('however many spoolers die meanwhile, a queue is recovered once more after that', () => {
  const { recovery, begun, end } = recorded();
  for (let death = 0; death < 5; death++) recovery.ask('/a');
  assert.deepEqual(begun, ['/a']);
  end();
  assert.deepEqual(begun, ['/a', '/a']);
  end();
  assert.deepEqual(begun, ['/a', '/a']);
  recovery.ask('/a');
  assert.deepEqual(begun, ['/a', '/a', '/a']);
});
