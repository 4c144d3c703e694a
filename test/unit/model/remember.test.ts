import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastOf, ofEach } from '../../../top/model/remember.js';

test('the same arguments in turn are answered once, others anew', () => {
  let made = 0;
  const add = lastOf((a: number, b: number) => {
    made++;
    return a + b;
  });
  assert.deepEqual([add(1, 2), add(1, 2), made], [3, 3, 1]);
  assert.deepEqual([add(2, 2), add(1, 2), made], [4, 3, 3]);
});

test('objects are the same only when they are one, and NaN is NaN', () => {
  const pair = lastOf((list: readonly number[], number: number) => ({ list, number }));
  const list = [1];
  const first = pair(list, NaN);
  assert.equal(pair(list, NaN), first);
  assert.notEqual(pair([1], NaN), first);
});

test('of a list only those elements are worked out that did not stand there before', () => {
  let made = 0;
  const doubled = ofEach(({ number }: { readonly number: number }) => {
    made++;
    return 2 * number;
  });
  const [one, two, three] = [{ number: 1 }, { number: 2 }, { number: 3 }];
  const all = [one, two];
  assert.deepEqual([doubled(all), made], [[2, 4], 2]);
  assert.equal(doubled(all), doubled(all), 'of the same list it is the same list');
  assert.deepEqual([doubled([one, three, two]), made], [[2, 6, 4], 4]);
  assert.deepEqual([doubled([two]), doubled([]), doubled([two, two]), made], [[4], [], [4, 4], 7]);
});
