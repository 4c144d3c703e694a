import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changed, compareSnapshots } from '../../../../shared/memory/snapshot/compare.js';
import type { SnapshotClasses } from '../../../../shared/memory/snapshot/class-book.js';

function holding(classes: Readonly<Record<string, readonly [number, number]>>): SnapshotClasses {
  const tallies = Object.entries(classes).map(
    ([name, [count, size]]) => [name, { count, size }] as const,
  );
  const all = { count: 0, size: 0 };
  for (const [, { count, size }] of tallies) {
    all.count += count;
    all.size += size;
  }
  return { all, classes: new Map(tallies) };
}

test('what grew most comes first, by size, by number, by name', () => {
  const before = holding({ Same: [5, 50], Gone: [2, 20], Leaked: [10, 100] });
  const after = holding({ Same: [5, 50], Leaked: [30, 300], More: [3, 7], B: [1, 7], A: [1, 7] });
  const comparison = compareSnapshots(before, after);
  assert.deepEqual(
    comparison.classes.map(({ name, delta }) => [name, delta.count, delta.size]),
    [
      ['Leaked', 20, 200],
      ['More', 3, 7],
      ['A', 1, 7],
      ['B', 1, 7],
      ['Same', 0, 0],
      ['Gone', -2, -20],
    ],
  );
  assert.deepEqual(comparison.all.delta, { count: 23, size: 201 });
  assert.ok(!changed(comparison).some(({ name }) => name === 'Same'));
});

test('a class that only one of them has counts as none in the other', () => {
  const { classes } = compareSnapshots(holding({}), holding({ New: [1, 8] }));
  assert.deepEqual(classes[0]?.before, { count: 0, size: 0 });
});
