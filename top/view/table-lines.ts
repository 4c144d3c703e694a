import type { DecodedWorker } from '../../shared/stats.js';
import type { PlacedColumn } from '../model/column-specs.js';
import { type Model } from '../model/model.js';
import { type RowIdentity, sameRow, type WorkerRow } from '../model/rows.js';
import type { TableLine } from '../model/table-state.js';
import { isTagged } from '../model/tags.js';
import type { Target } from '../model/target.js';
import { age } from './ages.js';
import type { Column } from './columns.js';
import type { Line, Span } from './frame.js';
import { rowLine, type RowStyle, type SteadyCells } from './row-line.js';
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
function linkedLine(line: Line, identity: RowIdentity, width: number, before?: Line): Line {
  const target: Target = { kind: 'worker', identity };
  return padded(line, width).map(({ text, style }, at): Span => {
    const known = before?.[at];
    return known?.text === text && known.style === style ? known : { text, style, target };
  });
}

/** What the line of a worker is drawn of, beside the row, which would hold its document. */
interface Drawing {
  readonly identity: RowIdentity;
  readonly placed: readonly PlacedColumn<Column>[];
  readonly style: TableStyle;
  readonly marked: boolean;
  readonly tagged: boolean;
}

/** A line that was drawn. */
interface DrawnLine {
  readonly drawing: Drawing;
  readonly kept: SteadyCells;
  readonly cells: Line;
  readonly line: Line;
}

/**
 * Those of the last table: of many workers few change from one document to the next. A map for each
 * table and no weak one: what was kept of one that is not in sight any more is of no use.
 */
let last: ReadonlyMap<DecodedWorker, DrawnLine> = new Map();

/** Lines of a table as they are drawn; one that would look as in the last table is that very line. */
export function drawnLines(
  lines: readonly TableLine[],
  model: Model,
  placed: readonly PlacedColumn<Column>[],
  style: TableStyle,
): readonly Line[] {
  const { selection } = model.table;
  const drawn = new Map<DecodedWorker, DrawnLine>();
  const all = lines.map((line) => {
    const { row } = line;
    const { identity, worker } = row;
    if (line.kind === 'request') return linkedLine(requestLine(line, style), identity, style.width);
    const marked = selection !== null && sameRow(selection.identity, identity);
    const drawing = { identity, placed, style, marked, tagged: isTagged(model, identity) };
    const made = drawnLine(row, drawing, last.get(worker));
    drawn.set(worker, made);
    return made.line;
  });
  last = drawn;
  return all;
}

function drawnLine(row: WorkerRow, drawing: Drawing, before: DrawnLine | undefined): DrawnLine {
  const { identity, placed, style } = drawing;
  const known = before !== undefined && inSameColumns(before.drawing, drawing) ? before : undefined;
  const kept = known?.kept ?? [];
  const cells = rowLine(row, placed, style, kept);
  const isSame =
    known?.drawing.marked === drawing.marked &&
    known.drawing.tagged === drawing.tagged &&
    known.drawing.style.old === style.old &&
    looksEqual(known.cells, cells);
  const line = isSame
    ? known.line
    : linkedLine(bodyLine(drawing, cells), identity, style.width, known?.line);
  return { drawing, kept, cells, line };
}

function inSameColumns(a: Drawing, b: Drawing): boolean {
  return (
    a.placed === b.placed &&
    a.style.gap === b.style.gap &&
    a.style.width === b.style.width &&
    a.style.glyphs === b.style.glyphs &&
    sameRow(a.identity, b.identity)
  );
}

function bodyLine({ marked, tagged, style }: Drawing, cells: Line): Line {
  const { old, width, glyphs } = style;
  const tag = tagged ? span(glyphs.tag, 'key') : span(' ');
  if (marked) {
    const whole = padded([span(glyphs.marker), tag, ...cells], width);
    return clip(restyled(whole, 'selected'), width, glyphs.ellipsis);
  }
  const plain = clip([span(' '), tag, ...cells], width, glyphs.ellipsis);
  return old ? restyled(plain, 'dim') : plain;
}

function requestLine(
  line: Extract<TableLine, { kind: 'request' }>,
  { glyphs, width, old }: TableStyle,
): Line {
  const { method, uri, peer, core } = line.request;
  const time = line.request.age === null ? glyphs.unknown : age(line.request.age);
  const from = peer === '' ? '' : `  from ${peer}`;
  const text = clip(
    [
      span(`     ${glyphs.branch} :${core} `, 'dim'),
      span(time.padStart(6)),
      span(` ${method} ${uri}`),
      span(from, 'dim'),
    ],
    width,
    glyphs.ellipsis,
  );
  return old ? restyled(text, 'dim') : text;
}
