import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  parseStat,
  type ProcessEntry,
  watchForeignZombies,
} from '../../../server/master/foreign-zombies.js';

test('a process is read from its stat, whatever its name', () => {
  assert.deepEqual(parseStat('42 (sh) Z 1 42 42 0 -1 4'), {
    pid: 42,
    name: 'sh',
    state: 'Z',
    parent: 1,
  });
  assert.deepEqual(parseStat('7 (a) Z (b) S 3 7 7'), {
    pid: 7,
    name: 'a) Z (b',
    state: 'S',
    parent: 3,
  });
  assert.equal(parseStat(''), null);
  assert.equal(parseStat('x (sh) Z 1 '), null);
});

test('a dead child is warned of once, and only when it is still there at the next look', () => {
  const zombie = (pid: number, parent = 1): ProcessEntry => ({
    pid,
    name: 'sleep',
    state: 'Z',
    parent,
  });
  const looks: ProcessEntry[][] = [
    [zombie(5), { ...zombie(9), state: 'S' }],
    [zombie(6), zombie(8, 5), { ...zombie(9), state: 'S' }],
    [zombie(6), zombie(8, 5), { ...zombie(9), state: 'S' }],
    [zombie(6), zombie(7)],
    [zombie(6), zombie(7)],
  ];
  const look = watchForeignZombies(1, () => looks.shift() ?? []);
  assert.equal(look(), null);
  assert.equal(look(), null, 'the dead of the first look are reaped, another one is new');
  assert.match(look() ?? '', /^process 6 \(sleep\) is dead and nobody reaps it.*docker run --init/);
  assert.equal(look(), null);
  assert.equal(look(), null);
});
