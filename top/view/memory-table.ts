import type { PlacedColumn } from '../model/column-specs.js';
import { isOutdated } from '../model/currency.js';
import { type Model } from '../model/model.js';
import { sameRow, type WorkerRow } from '../model/rows.js';
import { visibleRows } from '../model/table-state.js';
import { isTagged } from '../model/tags.js';
import type { Line } from './frame.js';
import { glyphsFor } from './glyphs.js';
import { type MemoryColumn, memoryGap, memoryPlaces } from './memory-columns.js';
import { emptyLine, tableTitles } from './table-view.js';
import { clip, lineWidth, linked, padded, restyled, span } from './text.js';

/** Titles, and a line for each worker in sight. */
export function memoryTable(model: Model, height: number): readonly Line[] {
  const placed = memoryPlaces(model);
  const gap = memoryGap(model);
  const titles = tableTitles(model, { placed, gap, before: false, after: false });
  const rows = visibleRows(model);
  if (rows.length === 0) return [titles, [], emptyLine(model)];
  const { top } = model.table;
  return [titles, ...rows.slice(top, top + height).map((row) => rowLine(model, row, placed, gap))];
}

function rowLine(
  model: Model,
  row: WorkerRow,
  placed: readonly PlacedColumn<MemoryColumn>[],
  gap: number,
): Line {
  const { width, table } = model;
  const { tag: sign, marker, ellipsis } = glyphsFor(model.ascii);
  const cells = placed.flatMap(({ column, width: wide }, index): Line => {
    const cell = fitted(column.cell(row, wide), wide, column.align, ellipsis);
    return index === 0 ? cell : [span(' '.repeat(gap)), ...cell];
  });
  const tag = isTagged(model, row.identity) ? span(sign, 'key') : span(' ');
  const isMarked = table.selection !== null && sameRow(table.selection.identity, row.identity);
  const line = clip([span(isMarked ? marker : ' '), tag, ...cells], width, ellipsis);
  const old = isOutdated(model) ? restyled(line, 'dim') : line;
  const drawn = padded(
    isMarked ? restyled(line, 'selected') : old,
    width,
    isMarked ? 'selected' : 'normal',
  );
  return linked(drawn, { kind: 'worker', identity: row.identity });
}

/** A cell of exactly its column's width. */
function fitted(line: Line, width: number, align: 'left' | 'right', ellipsis: string): Line {
  const short = clip(line, width, ellipsis);
  if (align === 'left') return padded(short, width);
  const missing = width - lineWidth(short);
  return missing > 0 ? [span(' '.repeat(missing)), ...short] : short;
}
