import { specsOf } from './column-choice.js';
import { type ColumnSpec, placeColumns, type PlacedColumn } from './column-specs.js';
import type { Model } from './model.js';
import { lastOf } from './remember.js';
import { withTable } from './table-state.js';

/** The marker, and the sign of a tag or a space. */
export const TABLE_MARGIN = 2;

/** The columns of the table that are in sight. */
export interface ColumnWindow {
  readonly placed: readonly PlacedColumn[];
  /** Screen columns between two of them. */
  readonly gap: number;
  /** Whether some were passed on the way to the right. */
  readonly before: boolean;
  /** Whether some are folded, or further to the right. */
  readonly after: boolean;
}

function widthOf(columns: readonly ColumnSpec[], gap: number): number {
  return columns.reduce((sum, { width }) => sum + width + gap, -gap);
}

/** Columns stand two apart on a wide terminal where all of them fit so. */
function gapFor(columns: readonly ColumnSpec[], room: number): number {
  return room >= 148 && widthOf(columns, 2) <= room ? 2 : 1;
}

/** How many columns can be passed at most: then the last one is in sight. */
function lastLeft([first, ...others]: readonly ColumnSpec[], room: number): number {
  if (first === undefined) return 0;
  const fits = (left: number): boolean => widthOf([first, ...others.slice(left)], 1) <= room;
  let left = 0;
  while (left < others.length - 1 && !fits(left)) left++;
  return left;
}

/**
 * The columns at the place where the table stands: at its left end those that matter most, further
 * to the right the first one and then all from there on.
 */
export function columnWindow({ table, width }: Pick<Model, 'table' | 'width'>): ColumnWindow {
  return windowOf(table.columns, table.left, width);
}

const windowOf = lastOf(
  (chosen: Model['table']['columns'], from: number, width: number): ColumnWindow => {
    const columns = specsOf(chosen);
    const room = width - TABLE_MARGIN;
    const gap = gapFor(columns, room);
    const fits = widthOf(columns, gap) <= room;
    // The last screen column is for the sign that there is more.
    const inner = fits ? room : room - 1;
    const left = Math.min(from, lastLeft(columns, inner));
    const [first, ...others] = columns;
    if (left === 0 || first === undefined) {
      const placed = placeColumns(columns, inner, gap);
      return { placed, gap, before: false, after: placed.length < columns.length };
    }
    const seen = [first, ...others.slice(left)].map((column, fold) => ({ ...column, fold }));
    const placed = placeColumns(seen, inner, gap);
    return { placed, gap, before: true, after: placed.length < seen.length };
  },
);

/** Moves the window over the columns by one. */
export function shifted(model: Model, step: 1 | -1): Model {
  const columns = specsOf(model.table.columns);
  const most = lastLeft(columns, model.width - TABLE_MARGIN - 1);
  const left = Math.max(0, Math.min(most, Math.min(model.table.left, most) + step));
  return withTable(model, { left });
}
