import type { DecodedWorker } from '../../shared/stats.js';
import type { PlacedColumn } from '../model/column-specs.js';
import { type Model } from '../model/model.js';
import { type RowIdentity, sameRow, type WorkerRow } from '../model/rows.js';
import { isTagged } from '../model/tags.js';
import type { Target } from '../model/target.js';
import type { Column } from './columns.js';
import type { Line, Span } from './frame.js';
import { rowLine, type RowStyle } from './row-line.js';
import { clip, looksEqual, padded, restyled, span } from './text.js';

/** How the lines of a table are drawn. */
export interface TableStyle extends RowStyle {
  readonly width: number;
  /** Of an outdated document. */
  readonly old: boolean;
}

/**
 * A line of the table's width, on all of which a click means its worker.
 * @param before Such a line of the same worker: the parts that are the same are taken from it.
 */
export function linkedLine(line: Line, identity: RowIdentity, width: number, before?: Line): Line {
  const target: Target = { kind: 'worker', identity };
  return padded(line, width).map(({ text, style }, at): Span => {
    const known = before?.[at];
    return known?.text === text && known.style === style ? known : { text, style, target };
  });
}

/** A line that was drawn, and of what. */
interface DrawnLine {
  readonly identity: RowIdentity;
  readonly marked: boolean;
  readonly tagged: boolean;
  readonly style: TableStyle;
  readonly cells: Line;
  readonly line: Line;
}

/** Of the workers that were in sight. */
const DRAWN = new WeakMap<DecodedWorker, DrawnLine>();

/** The very line that was drawn before when it would look the same: then it is compared at a glance. */
export function workerLine(
  row: WorkerRow,
  model: Model,
  placed: readonly PlacedColumn<Column>[],
  style: TableStyle,
): Line {
  const { identity } = row;
  const { selection } = model.table;
  const wanted: Omit<DrawnLine, 'line'> = {
    identity,
    marked: selection !== null && sameRow(selection.identity, identity),
    tagged: isTagged(model, identity),
    style,
    cells: rowLine(row, placed, style),
  };
  const known = DRAWN.get(row.worker);
  if (known !== undefined && looksTheSame(known, wanted)) return known.line;
  const before = known !== undefined && sameRow(known.identity, identity) ? known.line : undefined;
  const line = linkedLine(bodyLine(wanted), identity, style.width, before);
  DRAWN.set(row.worker, { ...wanted, line });
  return line;
}

function looksTheSame(a: Omit<DrawnLine, 'line'>, b: Omit<DrawnLine, 'line'>): boolean {
  return (
    a.marked === b.marked &&
    a.tagged === b.tagged &&
    a.style.old === b.style.old &&
    a.style.width === b.style.width &&
    a.style.glyphs === b.style.glyphs &&
    sameRow(a.identity, b.identity) &&
    looksEqual(a.cells, b.cells)
  );
}

function bodyLine({ cells, marked, tagged, style }: Omit<DrawnLine, 'line'>): Line {
  const { old, width, glyphs } = style;
  const tag = tagged ? span(glyphs.tag, 'key') : span(' ');
  if (marked) {
    const whole = padded([span(glyphs.marker), tag, ...cells], width);
    return clip(restyled(whole, 'selected'), width, glyphs.ellipsis);
  }
  const plain = clip([span(' '), tag, ...cells], width, glyphs.ellipsis);
  return old ? restyled(plain, 'dim') : plain;
}
