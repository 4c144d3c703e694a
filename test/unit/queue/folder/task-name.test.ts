import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MOST_ATTEMPTS } from '../../../../server/queue/bounds.js';
import {
  createStamps,
  decodeName,
  encodeName,
  LAST_DUE,
  type TaskName,
} from '../../../../server/queue/folder/task-name.js';

const names = fc
  .tuple(
    fc.integer({ min: 0, max: LAST_DUE }),
    fc.integer({ min: 0, max: 9 }),
    fc.integer({ min: 0, max: MOST_ATTEMPTS }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
  )
  .map(([due, priority, attempt, bytes]): TaskName => {
    return { due, priority, attempt, id: Buffer.from(bytes).toString('hex') };
  });

test('a name is read as it was written', () => {
  fc.assert(
    fc.property(names, (name) => {
      assert.deepEqual(decodeName(encodeName(name)), name);
    }),
  );
});

test('names sort by when their tasks are due', () => {
  fc.assert(
    fc.property(names, names, (a, b) => {
      if (a.due < b.due) assert.ok(encodeName(a) < encodeName(b));
    }),
  );
});

test('whatever else is called like a file is no task, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(decodeName(text), null);
    }),
  );
  assert.equal(
    decodeName(`9999999999999999-5-000000-${'a'.repeat(32)}.task`),
    null,
    'no such time',
  );
});

test('times that are given grow, and follow a clock that is set back', () => {
  let clock = 1000;
  const stamp = createStamps(() => clock);
  assert.deepEqual([stamp(), stamp()], [1_000_000, 1_000_001]);
  clock = 900;
  assert.equal(stamp(), 1_000_002, 'set back by little');
  clock = 5000;
  assert.equal(stamp(), 5_000_000);
  clock = 3000;
  assert.equal(stamp(), 3_000_000, 'set back by much');
});
