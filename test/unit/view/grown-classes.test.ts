import { test } from 'node:test';
import { compareSnapshots } from '../../../shared/memory/snapshot/compare.js';
import { comparisonTable } from '../../../shared/memory/snapshot/comparison-table.js';
import { view } from '../../../top/view/view.js';
import { frameText } from '../../support/frame-text.js';
import { matchGolden } from '../../support/golden.js';
import { memoryModel } from '../../support/worker-memory.js';

process.env['TZ'] = 'UTC';

/** What a server tells of two snapshots in which every class has grown. */
function told(): readonly string[] {
  const tallies = Array.from({ length: 25 }, (_, index) => {
    return [`Order${index}`, { count: 1000 * (25 - index), size: 48_000 * (25 - index) }] as const;
  });
  const all = { count: 2_042_265, size: 74_965_089 };
  const none = { all: { count: 1_292_265, size: 47_188_809 }, classes: new Map() };
  const comparison = compareSnapshots(none, { all, classes: new Map(tallies) });
  const name = (time: string): string =>
    `heap-worker-3-pid-21411-20261126T${time}Z-1a2b3c4d.heapsnapshot`;
  return [
    `worker 3 (pid 21411): from ${name('140000')}`,
    `to ${name('141000')}`,
    ...comparisonTable(comparison, { most: 20, clean: (text) => text }),
  ];
}

for (const [width, height] of [
  [80, 24],
  [120, 40],
] as const) {
  test(`the classes that grew look as drawn at ${width}x${height}`, () => {
    const about = { kind: 'allocators', of: 'compare-snapshots', worker: 3 } as const;
    const model = memoryModel(width, height);
    const overlay = { ...about, lines: told(), scroll: 0 };
    const text = frameText(view({ ...model, overlay }));
    matchGolden(`grown-classes-${width}x${height}.txt`, text);
  });
}
