import { measured } from '../model/measured.js';
import { averageOf, type SortId } from '../model/sort-keys.js';
import { STUCK_MS } from '../model/worker-state.js';
import type { WorkerRow } from '../model/rows.js';
import { bytes, count, duration, grouped, millis } from '../../shared/units.js';
import { age } from './ages.js';
import type { Span, StyleName } from './frame.js';
import { type Glyphs, spark, STATE_STYLES } from './glyphs.js';
import { span } from './text.js';

/** A column of the worker table. Titles carry the unit; the width never depends on the data. */
export interface Column {
  readonly id: SortId | 'spark' | 'oldest' | 'uss' | 'limit' | 'full' | 'trend' | 'growth';
  readonly title: string;
  readonly width: number;
  readonly align: 'left' | 'right';
  /** The highest folds first when the terminal is narrow; 0 never folds. */
  readonly fold: number;
  /** Takes the columns that are left over, from `width` on. */
  readonly grows?: true;
  readonly cell: (row: WorkerRow, glyphs: Glyphs) => Span;
}

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
const right = { align: 'right' } as const;
const left = { align: 'left' } as const;

/** In the order of the screen: uWSGI's names, and between them what only tsuwsgi knows. */
export const COLUMNS: readonly Column[] = [
  {
    ...{ id: 'wid', title: 'WID', width: 4, fold: 0, ...right },
    cell: (row) => span(String(row.worker.id)),
  },
  {
    ...{ id: 'status', title: 'STATUS', width: 9, fold: 0, ...left },
    cell: ({ condition: { kind, word } }, glyphs) =>
      span(`${glyphs.state[kind]} ${word}`, STATE_STYLES[kind]),
  },
  {
    ...{ id: 'pid', title: 'PID', width: 7, fold: 8, ...right },
    cell: (row, glyphs) =>
      row.worker.pid === 0 ? span(glyphs.unknown, 'dim') : span(String(row.worker.pid)),
  },
  {
    ...{ id: 'share', title: '%', width: 5, fold: 16, ...right },
    cell: (row, glyphs) => number(row.share, percent, glyphs),
  },
  {
    ...{ id: 'req', title: 'REQ', width: 9, fold: 4, ...right },
    cell: (row, glyphs) => number(row.worker.requests, exact(9), glyphs),
  },
  {
    ...{ id: 'rps', title: 'RPS', width: 6, fold: 1, ...right },
    cell: (row, glyphs) => number(row.rates.rps, rate, glyphs, 'bright'),
  },
  {
    ...{ id: 'spark', title: '', width: 8, fold: 12, ...left },
    cell: (row, glyphs) => span(spark(row.rps, 8, glyphs), 'work'),
  },
  {
    ...{ id: 'queue', title: 'QUEUE', width: 5, fold: 0, ...right },
    cell: (row, glyphs) => number(row.queue, exact(5), glyphs, 'attention'),
  },
  {
    ...{ id: 'fly', title: 'FLY', width: 4, fold: 2, ...right },
    cell: (row, glyphs) => number(row.inFlight, count, glyphs),
  },
  {
    ...{ id: 'avg', title: 'AVG ms', width: 7, fold: 3, ...right },
    cell: (row, glyphs) => number(averageOf(row), millis, glyphs),
  },
  {
    ...{ id: 'p99', title: 'P99 ms', width: 7, fold: 10, ...right },
    cell: (row, glyphs) => number(row.rates.p99, millis, glyphs),
  },
  {
    ...{ id: 'loop', title: 'LOOP ms', width: 7, fold: 9, ...right },
    cell: (row, glyphs) => {
      const stalled = row.worker.stalled_ms;
      return number(stalled, exact(7), glyphs, (stalled ?? 0) >= STUCK_MS ? 'alarm' : 'normal');
    },
  },
  {
    ...{ id: 'cpu', title: 'CPU %', width: 5, fold: 6, ...right },
    cell: (row, glyphs) => number(row.worker.cpu, whole, glyphs),
  },
  {
    ...{ id: 'rss', title: 'RSS', width: 5, fold: 5, ...right },
    cell: (row, glyphs) => number(measured(row.worker.rss), bytes, glyphs),
  },
  {
    ...{ id: 'pss', title: 'PSS', width: 5, fold: 20, ...right },
    cell: (row, glyphs) => number(row.worker.pss, bytes, glyphs),
  },
  {
    ...{ id: 'heap', title: 'HEAP', width: 5, fold: 21, ...right },
    cell: (row, glyphs) => number(measured(row.worker.heap_used), bytes, glyphs),
  },
  {
    ...{ id: 'vsz', title: 'VSZ', width: 5, fold: 19, ...right },
    cell: (row, glyphs) => number(measured(row.worker.vsz), bytes, glyphs),
  },
  {
    ...{ id: 'tx', title: 'TX', width: 5, fold: 13, ...right },
    cell: (row, glyphs) => number(row.worker.tx, bytes, glyphs),
  },
  {
    ...{ id: 'exc', title: 'EXC', width: 4, fold: 7, ...right },
    cell: (row, glyphs) => number(row.worker.exceptions, count, glyphs),
  },
  {
    ...{ id: 'sig', title: 'SIG', width: 4, fold: 18, ...right },
    cell: (row, glyphs) => number(row.worker.signals, count, glyphs),
  },
  {
    ...{ id: 'hc', title: 'HC', width: 4, fold: 0, ...right },
    cell: (row, glyphs) => number(row.worker.harakiri_count, count, glyphs, 'attention'),
  },
  {
    ...{ id: 'respawn', title: 'ReSpwn', width: 6, fold: 14, ...right },
    cell: (row, glyphs) => number(row.worker.respawn_count, exact(6), glyphs),
  },
  {
    ...{ id: 'runtime', title: 'RunT s', width: 8, fold: 17, ...right },
    cell: (row, glyphs) =>
      number(row.worker.running_time, (micros) => (micros / 1e6).toFixed(1), glyphs),
  },
  {
    ...{ id: 'spawned', title: 'LastSpwn', width: 8, fold: 11, ...right },
    cell: (row, glyphs) =>
      row.age === null ? span(glyphs.unknown, 'dim') : span(duration(row.age)),
  },
  {
    ...{ id: 'oldest', title: 'OLDEST REQUEST', width: 16, fold: 15, grows: true, ...left },
    cell: (row) => {
      const [request] = row.requests;
      if (request === undefined) return span('');
      const since = request.age === null ? '' : `${age(request.age)} `;
      return span(`${since}${request.method} ${request.uri}`, 'dim');
    },
  },
];

/** A column with the width it got. */
export interface PlacedColumn {
  readonly column: Column;
  readonly width: number;
}

/** The columns that fit into `width` with `gap` columns before each but the first, and their widths. */
export function placeColumns(
  columns: readonly Column[],
  width: number,
  gap: number,
): readonly PlacedColumn[] {
  const byImportance = [...columns].sort((a, b) => a.fold - b.fold);
  const kept = new Set<Column>();
  let used = -gap;
  for (const column of byImportance) {
    if (column.fold > 0 && used + gap + column.width > width) break;
    kept.add(column);
    used += gap + column.width;
  }
  const spare = Math.max(0, width - used);
  return columns
    .filter((column) => kept.has(column))
    .map((column) => ({
      column,
      width: column.grows === true ? column.width + spare : column.width,
    }));
}
