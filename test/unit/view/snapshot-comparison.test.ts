import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SnapshotClasses } from '../../../shared/memory/snapshot/class-book.js';
import { compareSnapshots } from '../../../shared/memory/snapshot/compare.js';
import {
  COMPARISON_FORMATS,
  comparisonText,
} from '../../../top/view/snapshot-comparison/formats.js';
import { matchGolden } from '../../support/golden.js';

function holding(
  all: readonly [number, number],
  classes: readonly (readonly [string, number, number])[],
): SnapshotClasses {
  return {
    all: { count: all[0], size: all[1] },
    classes: new Map(classes.map(([name, count, size]) => [name, { count, size }])),
  };
}

const BEFORE = holding(
  [1_292_265, 47_188_809],
  [
    ['Leaked', 250_000, 12_000_000],
    ['(string)', 260_985, 6_386_128],
    ['Same', 12, 480],
    ['Shrunk, "a" class', 40, 4000],
  ],
);
const AFTER = holding(
  [2_042_265, 74_965_089],
  [
    ['Leaked', 400_000, 19_200_000],
    ['(string)', 260_986, 6_386_160],
    ['Same', 12, 480],
    ['=hostile\u001b[31m\u202e\n', 1, 24],
  ],
);
const TITLED = {
  before: 'a.heapsnapshot',
  after: 'b\u001b.heapsnapshot',
  comparison: compareSnapshots(BEFORE, AFTER),
};

for (const format of COMPARISON_FORMATS) {
  test(`a comparison as ${format}`, () => {
    const text = comparisonText(format, TITLED, { most: 30, ascii: false });
    assert.doesNotMatch(text, /[^\x20-\x7e\n]/, 'nothing that a terminal obeys');
    matchGolden(`snapshot-comparison.${format}`, text);
  });
}

test('what is left out is told', () => {
  const text = comparisonText('text', TITLED, { most: 2, ascii: false });
  assert.match(text, /\n2 more classes changed\n$/);
  const json = comparisonText('json', TITLED, { most: 2, ascii: false });
  assert.equal((JSON.parse(json) as { omitted: number }).omitted, 2);
});

test('on demand every class is there, also what stayed the same', () => {
  assert.match(comparisonText('text', TITLED, { most: null, ascii: false }), /^ .* 0 {2}Same$/m);
  assert.doesNotMatch(comparisonText('text', TITLED, { most: 30, ascii: false }), /Same/);
});

test('two equal snapshots are told to be equal', () => {
  const comparison = compareSnapshots(BEFORE, BEFORE);
  const text = comparisonText('text', { ...TITLED, comparison }, { most: 30, ascii: true });
  assert.match(text, /no class has more or fewer objects than before\n$/);
});
