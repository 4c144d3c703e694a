import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundedLog } from '../../../server/control/bounded-log.js';

test('a minute holds so many lines, a word that more are left out, and then starts anew', () => {
  const lines: string[] = [];
  let now = 5000;
  const log = boundedLog(
    (line) => lines.push(line),
    2,
    () => now,
  );
  for (const line of ['a', 'b', 'c', 'd']) log(line);
  now += 59_999;
  log('e');
  assert.deepEqual(lines, ['a', 'b', 'control: more refusals are not logged for a minute']);
  now += 1;
  log('f');
  assert.equal(lines.at(-1), 'f');
});
