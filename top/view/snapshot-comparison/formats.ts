import type { SnapshotComparison } from '../../../shared/memory/snapshot/compare.js';
import { comparisonTable, shownClasses } from '../../../shared/memory/snapshot/comparison-table.js';
import { escapeJson, sanitize, sanitizeShort } from '../../model/sanitize.js';
import { csvField } from '../csv.js';

/** How `--compare-snapshots` may be written. */
export const COMPARISON_FORMATS = ['text', 'json', 'csv'] as const;

export type ComparisonFormat = (typeof COMPARISON_FORMATS)[number];

/** A comparison with what it is of. */
export interface TitledComparison {
  readonly before: string;
  readonly after: string;
  readonly comparison: SnapshotComparison;
}

/** What is written of it. */
export interface ComparisonOptions {
  /** Classes at most; null for all. */
  readonly most: number | null;
  readonly ascii: boolean;
}

/** Writes a comparison. */
export function comparisonText(
  format: ComparisonFormat,
  titled: TitledComparison,
  options: ComparisonOptions,
): string {
  switch (format) {
    case 'text':
      return asText(titled, options);
    case 'json':
      return asJson(titled, options);
    case 'csv':
      return asCsv(titled, options);
  }
}

function asText({ before, after, comparison }: TitledComparison, options: ComparisonOptions) {
  const clean = (text: string): string => sanitize(sanitizeShort(text, 200), options.ascii);
  const lines = [
    `before  ${clean(before)}`,
    `after   ${clean(after)}`,
    '',
    ...comparisonTable(comparison, { most: options.most, clean }),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function asJson({ before, after, comparison }: TitledComparison, { most }: ComparisonOptions) {
  const { classes, omitted } = shownClasses(comparison, most);
  const document = {
    ...{ before, after },
    all: comparison.all,
    classes: classes.map(({ name, ...growth }) => ({ class: name, ...growth })),
    omitted,
  };
  return `${escapeJson(JSON.stringify(document))}\n`;
}

const HEADER = [
  'class',
  'count_before',
  'count_after',
  'count_delta',
  'size_before',
  'size_after',
  'size_delta',
];

function asCsv({ comparison }: TitledComparison, { most, ascii }: ComparisonOptions): string {
  const rows = shownClasses(comparison, most).classes.map((growth) => {
    const { name, before, after, delta } = growth;
    const numbers = [before.count, after.count, delta.count, before.size, after.size, delta.size];
    return [sanitize(name, ascii), ...numbers.map(String)];
  });
  return [HEADER, ...rows].map((cells) => `${cells.map(csvField).join(',')}\n`).join('');
}
