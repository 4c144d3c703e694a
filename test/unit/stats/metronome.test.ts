import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metronome } from '../../../server/stats/metronome.js';

test('those with the same period beat together and share what was made', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let made = 0;
  const beats = metronome(() => ++made);
  const seen: string[] = [];
  const leave = beats.join(1000, (value) => seen.push(`a${value}`));
  t.mock.timers.tick(400);
  beats.join(1000, (value) => seen.push(`b${value}`));
  t.mock.timers.tick(600);
  assert.deepEqual(seen, ['a1', 'b1']);
  leave();
  t.mock.timers.tick(1000);
  assert.deepEqual(seen, ['a1', 'b1', 'b2']);
});

test('a period ends with the last who wants it, and leaving twice does no harm', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const beats = metronome(() => 0);
  const first = beats.join(100, () => assert.fail('it has left'));
  const second = beats.join(200, () => undefined);
  assert.equal(beats.periods, 2);
  first();
  first();
  assert.equal(beats.periods, 1);
  let again = 0;
  const third = beats.join(100, () => again++);
  first();
  t.mock.timers.tick(100);
  assert.equal(again, 1);
  second();
  third();
  assert.equal(beats.periods, 0);
});

test('one may leave while the beat is under way', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const beats = metronome(() => 0);
  let calls = 0;
  const leave = beats.join(100, () => {
    calls++;
    leave();
  });
  t.mock.timers.tick(500);
  assert.equal(calls, 1);
  assert.equal(beats.periods, 0);
});
