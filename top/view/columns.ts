import {
  COLUMN_SPECS,
  type ColumnId,
  type ColumnSpec,
  type PlacedColumn,
} from '../model/column-specs.js';
import { measured } from '../model/measured.js';
import { averageOf } from '../model/sort-keys.js';
import { STUCK_MS } from '../model/worker-state.js';
import type { WorkerRow } from '../model/rows.js';
import { bytes, count, grouped, millis } from '../../shared/units.js';
import { age, columnAge } from './ages.js';
import type { Span, StyleName } from './frame.js';
import { type Glyphs, spark, STATE_STYLES } from './glyphs.js';
import { span } from './text.js';

/** A column of a table of workers and how it is filled. */
export interface Column extends Omit<ColumnSpec, 'id' | 'meaning'> {
  readonly id: ColumnId;
  readonly cell: Cell;
}

export type Cell = (row: WorkerRow, glyphs: Glyphs) => Span;

/** A number: unknown and zero are dim, so that what is there stands out. */
export function number(
  value: number | null | undefined,
  format: (value: number) => string,
  glyphs: Glyphs,
  style: StyleName = 'normal',
): Span {
  if (value === null || value === undefined) return span(glyphs.unknown, 'dim');
  const text = format(value);
  return span(text, value === 0 || Number(text) === 0 ? 'dim' : style);
}

/** Exact up to the width of the column, then short. */
function exact(width: number): (value: number) => string {
  return (value) => {
    const text = grouped(value);
    return text.length <= width ? text : count(value);
  };
}

/** One decimal below ten, so that a slow trickle is seen. */
export function rate(value: number): string {
  if (value > 0 && value < 9.95) return value.toFixed(1);
  return exact(6)(value);
}

const percent = (value: number): string => (value < 99.95 ? value.toFixed(1) : value.toFixed(0));
const whole = (value: number): string => Math.round(value).toString();

/** What stands in each column. */
const CELLS: Readonly<Record<ColumnId, Cell>> = {
  wid: (row) => span(String(row.worker.id)),
  status: ({ condition: { kind, word } }, glyphs) =>
    span(`${glyphs.state[kind]} ${word}`, STATE_STYLES[kind]),
  pid: (row, glyphs) =>
    row.worker.pid === 0 ? span(glyphs.unknown, 'dim') : span(String(row.worker.pid)),
  share: (row, glyphs) => number(row.share, percent, glyphs),
  req: (row, glyphs) => number(row.worker.requests, exact(9), glyphs),
  rps: (row, glyphs) => number(row.rates.rps, rate, glyphs, 'bright'),
  spark: (row, glyphs) => span(spark(row.rps, 8, glyphs), 'work'),
  queue: (row, glyphs) => number(row.queue, exact(5), glyphs, 'attention'),
  fly: (row, glyphs) => number(row.inFlight, count, glyphs),
  avg: (row, glyphs) => number(averageOf(row), millis, glyphs),
  p99: (row, glyphs) => number(row.rates.p99, millis, glyphs),
  loop: (row, glyphs) => {
    const stalled = row.worker.stalled_ms;
    return number(stalled, exact(7), glyphs, (stalled ?? 0) >= STUCK_MS ? 'alarm' : 'normal');
  },
  cpu: (row, glyphs) => number(row.worker.cpu, whole, glyphs),
  rss: (row, glyphs) => number(measured(row.worker.rss), bytes, glyphs),
  pss: (row, glyphs) => number(row.worker.pss, bytes, glyphs),
  heap: (row, glyphs) => number(measured(row.worker.heap_used), bytes, glyphs),
  vsz: (row, glyphs) => number(measured(row.worker.vsz), bytes, glyphs),
  tx: (row, glyphs) => number(row.worker.tx, bytes, glyphs),
  exc: (row, glyphs) => number(row.worker.exceptions, count, glyphs),
  sig: (row, glyphs) => number(row.worker.signals, count, glyphs),
  hc: (row, glyphs) => number(row.worker.harakiri_count, count, glyphs, 'attention'),
  respawn: (row, glyphs) => number(row.worker.respawn_count, exact(6), glyphs),
  runtime: (row, glyphs) =>
    number(row.worker.running_time, (micros) => (micros / 1e6).toFixed(1), glyphs),
  spawned: (row, glyphs) =>
    row.age === null ? span(glyphs.unknown, 'dim') : span(columnAge(row.age)),
  oldest: (row) => {
    const [request] = row.requests;
    if (request === undefined) return span('');
    const since = request.age === null ? '' : `${age(request.age)} `;
    return span(`${since}${request.method} ${request.uri}`, 'dim');
  },
};

/** Columns at their place with what fills them. */
export function filledPlaces(placed: readonly PlacedColumn[]): readonly PlacedColumn<Column>[] {
  return placed.map(({ column, width }) => ({
    column: { ...column, cell: CELLS[column.id] },
    width,
  }));
}

/** Columns with what fills them. */
export function filled(specs: readonly ColumnSpec[]): readonly Column[] {
  return specs.map((spec) => ({ ...spec, cell: CELLS[spec.id] }));
}

/** All of them, in the order of the screen. */
export const COLUMNS: readonly Column[] = filled(COLUMN_SPECS);
