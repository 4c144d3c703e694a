import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { turnstile } from '../../../server/stats/turnstile.js';

describe('a turnstile', () => {
  it('lets through at once what comes alone', () => {
    const enter = turnstile(2);
    const passed: number[] = [];
    enter(() => passed.push(1));
    assert.deepEqual(passed, [1]);
  });

  it('lets the rest of a burst through in later turns of the loop, in order', async () => {
    const enter = turnstile(2);
    const passed: number[] = [];
    for (let each = 1; each <= 5; each++) enter(() => passed.push(each));
    assert.deepEqual(passed, [1, 2]);
    await nextTurn();
    assert.deepEqual(passed, [1, 2, 3, 4]);
    await nextTurn();
    assert.deepEqual(passed, [1, 2, 3, 4, 5]);
  });

  it('counts who comes later in a turn with those that waited', async () => {
    const enter = turnstile(2);
    const passed: string[] = [];
    for (const name of ['a', 'b', 'c']) enter(() => passed.push(name));
    await nextTurn();
    for (const name of ['d', 'e']) enter(() => passed.push(name));
    assert.deepEqual(passed, ['a', 'b', 'c', 'd']);
    await nextTurn();
    assert.deepEqual(passed, ['a', 'b', 'c', 'd', 'e']);
  });
});
