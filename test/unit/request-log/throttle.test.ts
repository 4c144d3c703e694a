import assert from 'node:assert/strict';
import { test } from 'node:test';
import { throttled } from '../../../server/request-log/throttle.js';

/** A second that ends when it is told to. */
function handClock() {
  let act: (() => void) | null = null;
  return {
    wait: (_ms: number, then: () => void) => void (act = then),
    tick: () => {
      const due = act;
      act = null;
      due?.();
    },
  };
}

test('so many lines pass in a second, the rest is told as a number at its end', () => {
  const lines: string[] = [];
  const { wait, tick } = handClock();
  const say = throttled(2, (line) => lines.push(line), wait);
  for (const line of ['a', 'b', 'c', 'd', 'e']) say(line);
  assert.deepEqual(lines, ['a', 'b']);
  tick();
  assert.deepEqual(lines, ['a', 'b', 'and 3 more lines like these within a second']);
  say('f');
  assert.equal(lines.at(-1), 'f');
  tick();
  tick();
  assert.equal(lines.length, 4);
});
