import type { PlacedColumn } from '../model/column-specs.js';
import type { WorkerRow } from '../model/rows.js';
import type { Column } from './columns.js';
import type { Line, Span, StyleName } from './frame.js';
import type { Glyphs } from './glyphs.js';
import { fit, span } from './text.js';

export interface RowStyle {
  readonly glyphs: Glyphs;
  /** Screen columns between two of the table. */
  readonly gap: number;
}

/** Steady cells of a worker, by column; those that were not made yet are undefined. */
export type SteadyCells = (Line | undefined)[];

/**
 * One worker's line, without marker and margin.
 * @param kept Steady cells of what is told of this worker, in these columns and this style; those that
 * are missing are made and entered.
 */
export function rowLine(
  row: WorkerRow,
  placed: readonly PlacedColumn<Column>[],
  { glyphs, gap }: RowStyle,
  kept: SteadyCells = [],
): Line {
  const line: Span[] = [];
  for (const [index, place] of placed.entries()) {
    const cell = kept[index] ?? placedCell(row, place, index === 0 ? 0 : gap, glyphs);
    if (place.column.steady) kept[index] = cell;
    line.push(...cell);
  }
  return line;
}

/** A cell of its column's width, and the gap before it. */
function placedCell(
  row: WorkerRow,
  { column, width }: PlacedColumn<Column>,
  gap: number,
  glyphs: Glyphs,
): Line {
  const { text, style } = column.cell(row, glyphs);
  const cell = fit(text, width, column.align, glyphs.ellipsis);
  const before = ' '.repeat(gap);
  return isQuiet(style) ? [span(before + cell, style)] : [span(before), span(cell, style)];
}

/** Whether a style shows nothing on a blank, in no theme: then a gap may have it, which is a span less. */
function isQuiet(style: StyleName): boolean {
  return style === 'normal' || style === 'dim';
}
