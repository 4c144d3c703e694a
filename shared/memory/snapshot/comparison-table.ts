import { bytes, grouped } from '../../units.js';
import { changed, type ClassGrowth, type SnapshotComparison } from './compare.js';

/** How much of a comparison is written, and how. */
export interface TableOptions {
  /** Classes at most, those that grew most; null for every class, also what did not change. */
  readonly most: number | null;
  /** Makes a name from a file safe to write. */
  readonly clean: (text: string) => string;
}

/** Numbers that stand in front of the name of a class; it may be of any length. */
const COLUMNS: readonly (readonly [string, (growth: Omit<ClassGrowth, 'name'>) => string])[] = [
  ['COUNT BEFORE', ({ before }) => grouped(before.count)],
  ['AFTER', ({ after }) => grouped(after.count)],
  ['DELTA', ({ delta }) => signed(delta.count, grouped)],
  ['SIZE BEFORE', ({ before }) => bytes(before.size)],
  ['AFTER', ({ after }) => bytes(after.size)],
  ['DELTA', ({ delta }) => signed(delta.size, bytes)],
];

/** The classes that are written, of how many. */
export function shownClasses(
  comparison: SnapshotComparison,
  most: number | null,
): { readonly classes: readonly ClassGrowth[]; readonly omitted: number } {
  if (most === null) return { classes: comparison.classes, omitted: 0 };
  const all = changed(comparison);
  return { classes: all.slice(0, most), omitted: Math.max(0, all.length - most) };
}

/** A comparison as a table: all objects, then a line for each class. */
export function comparisonTable(comparison: SnapshotComparison, options: TableOptions): string[] {
  const { classes, omitted } = shownClasses(comparison, options.most);
  const cells = [
    [...COLUMNS.map(([title]) => title), 'CLASS'],
    rowOf(comparison.all, 'all objects'),
    ...classes.map((growth) => rowOf(growth, options.clean(growth.name))),
  ];
  const widths = COLUMNS.map((_, index) =>
    Math.max(...cells.map((row) => row[index]?.length ?? 0)),
  );
  const lines = cells.map((row) =>
    row.map((cell, index) => cell.padStart(widths[index] ?? 0)).join('  '),
  );
  if (classes.length === 0) lines.push('no class has more or fewer objects than before');
  return omitted === 0 ? lines : [...lines, `${omitted} more classes changed`];
}

function rowOf(growth: Omit<ClassGrowth, 'name'>, name: string): string[] {
  return [...COLUMNS.map(([, text]) => text(growth)), name];
}

function signed(value: number, text: (value: number) => string): string {
  if (value === 0) return '0';
  return `${value < 0 ? '-' : '+'}${text(Math.abs(value))}`;
}
