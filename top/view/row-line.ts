import type { DecodedWorker } from '../../shared/stats.js';
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

/** The steady cells of one worker, as long as columns, signs and gap are these. */
interface Kept extends RowStyle {
  readonly placed: readonly PlacedColumn<Column>[];
  readonly cells: (Line | undefined)[];
}

/** Of many workers few change from one document to the next: what is the same is not made again. */
const KEPT = new WeakMap<DecodedWorker, Kept>();

/** One worker's line, without marker and margin. */
export function rowLine(
  row: WorkerRow,
  placed: readonly PlacedColumn<Column>[],
  style: RowStyle,
): Line {
  const kept = keptOf(row.worker, placed, style);
  const line: Span[] = [];
  for (const [index, place] of placed.entries()) {
    const cell = kept[index] ?? placedCell(row, place, index === 0 ? 0 : style.gap, style.glyphs);
    if (place.column.steady) kept[index] = cell;
    line.push(...cell);
  }
  return line;
}

function keptOf(
  worker: DecodedWorker,
  placed: readonly PlacedColumn<Column>[],
  { glyphs, gap }: RowStyle,
): Kept['cells'] {
  const known = KEPT.get(worker);
  if (known?.placed === placed && known.glyphs === glyphs && known.gap === gap) return known.cells;
  const cells = new Array<Line | undefined>(placed.length);
  KEPT.set(worker, { placed, glyphs, gap, cells });
  return cells;
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
