import {
  COLUMN_SPECS,
  type ColumnId,
  type ColumnSpec,
  type PlacedColumn,
} from '../model/column-specs.js';
import { inFlightCount } from '../model/in-flight.js';
import { measured } from '../model/measured.js';
import { lastOf } from '../model/remember.js';
import { averageOf } from '../model/sort-keys.js';
import { STUCK_MS, workerCondition } from '../model/worker-state.js';
import type { WorkerRow } from '../model/rows.js';
import type { DecodedWorker } from '../../shared/stats.js';
import { bytes, count, grouped, millis } from '../../shared/units.js';
import { age, columnAge } from './ages.js';
import type { Span, StyleName } from './frame.js';
import { type Glyphs, spark, STATE_STYLES } from './glyphs.js';
import { span } from './text.js';

/** A column of a table of workers and how it is filled. */
export interface Column extends Omit<ColumnSpec, 'id' | 'meaning'> {
  readonly id: ColumnId;
  readonly cell: Cell;
  /** Filled by what is told of the worker and by nothing else: the same until that changes. */
  readonly steady: boolean;
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

/** What stands in a column that is steady. */
type SteadyCell = (worker: DecodedWorker, glyphs: Glyphs) => Span;

const STEADY_CELLS = {
  wid: (worker) => span(String(worker.id)),
  status: (worker, glyphs) => {
    const { kind, word } = workerCondition(worker);
    return span(`${glyphs.state[kind]} ${word}`, STATE_STYLES[kind]);
  },
  pid: ({ pid }, glyphs) => (pid === 0 ? span(glyphs.unknown, 'dim') : span(String(pid))),
  req: (worker, glyphs) => number(worker.requests, exact(9), glyphs),
  fly: (worker, glyphs) => number(inFlightCount(worker), count, glyphs),
  avg: (worker, glyphs) => number(averageOf({ worker }), millis, glyphs),
  loop: ({ stalled_ms: stalled }, glyphs) =>
    number(stalled, exact(7), glyphs, (stalled ?? 0) >= STUCK_MS ? 'alarm' : 'normal'),
  cpu: (worker, glyphs) => number(worker.cpu, whole, glyphs),
  rss: (worker, glyphs) => number(measured(worker.rss), bytes, glyphs),
  pss: (worker, glyphs) => number(worker.pss, bytes, glyphs),
  heap: (worker, glyphs) => number(measured(worker.heap_used), bytes, glyphs),
  vsz: (worker, glyphs) => number(measured(worker.vsz), bytes, glyphs),
  tx: (worker, glyphs) => number(worker.tx, bytes, glyphs),
  exc: (worker, glyphs) => number(worker.exceptions, count, glyphs),
  sig: (worker, glyphs) => number(worker.signals, count, glyphs),
  hc: (worker, glyphs) => number(worker.harakiri_count, count, glyphs, 'attention'),
  respawn: (worker, glyphs) => number(worker.respawn_count, exact(6), glyphs),
  runtime: (worker, glyphs) =>
    number(worker.running_time, (micros) => (micros / 1e6).toFixed(1), glyphs),
} satisfies Partial<Record<ColumnId, SteadyCell>>;

/** What stands in the others: they go by all workers, by documents before, or by the time. */
const ROW_CELLS: Readonly<Record<Exclude<ColumnId, keyof typeof STEADY_CELLS>, Cell>> = {
  share: (row, glyphs) => number(row.share, percent, glyphs),
  rps: (row, glyphs) => number(row.rates.rps, rate, glyphs, 'bright'),
  spark: (row, glyphs) => span(spark(row.rps, 8, glyphs), 'work'),
  queue: (row, glyphs) => number(row.queue, exact(5), glyphs, 'attention'),
  p99: (row, glyphs) => number(row.rates.p99, millis, glyphs),
  spawned: (row, glyphs) =>
    row.age === null ? span(glyphs.unknown, 'dim') : span(columnAge(row.age)),
  oldest: (row) => {
    const [request] = row.requests;
    if (request === undefined) return span('');
    const since = request.age === null ? '' : `${age(request.age)} `;
    return span(`${since}${request.method} ${request.uri}`, 'dim');
  },
};

function fill(id: ColumnId): Pick<Column, 'cell' | 'steady'> {
  if (!isSteady(id)) return { cell: ROW_CELLS[id], steady: false };
  const cell: SteadyCell = STEADY_CELLS[id];
  return { cell: ({ worker }, glyphs) => cell(worker, glyphs), steady: true };
}

function isSteady(id: ColumnId): id is keyof typeof STEADY_CELLS {
  return Object.hasOwn(STEADY_CELLS, id);
}

/** Columns at their place with what fills them; the same ones as long as the places are. */
export const filledPlaces = lastOf(
  (placed: readonly PlacedColumn[]): readonly PlacedColumn<Column>[] =>
    placed.map(({ column, width }) => ({ column: { ...column, ...fill(column.id) }, width })),
);

/** Columns with what fills them. */
export function filled(specs: readonly ColumnSpec[]): readonly Column[] {
  return specs.map((spec) => ({ ...spec, ...fill(spec.id) }));
}

/** All of them, in the order of the screen. */
export const COLUMNS: readonly Column[] = filled(COLUMN_SPECS);
