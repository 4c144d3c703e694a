import type { SortId } from './sort-keys.js';

export type ColumnId = SortId | 'spark' | 'oldest';

/** A column of the worker table. Titles carry the unit; the width never depends on the data. */
export interface ColumnSpec {
  readonly id: ColumnId;
  readonly title: string;
  readonly width: number;
  readonly align: 'left' | 'right';
  /** The highest folds first when the terminal is narrow; 0 never folds. */
  readonly fold: number;
  /** Takes the columns that are left over, from `width` on. */
  readonly grows?: true;
  /** What stands in it, for people: at most 56 characters. */
  readonly meaning: string;
}

const right = { align: 'right' } as const;
const left = { align: 'left' } as const;

/** In the order of the screen: uWSGI's names, and between them what only tsuwsgi knows. */
export const COLUMN_SPECS: readonly ColumnSpec[] = [
  {
    ...{ id: 'wid', title: 'WID', width: 4, fold: 0, ...right },
    meaning: 'the number of the worker',
  },
  {
    ...{ id: 'status', title: 'STATUS', width: 9, fold: 0, ...left },
    meaning: 'what it is doing: busy, idle, cheap, stuck, drain, dead',
  },
  {
    ...{ id: 'pid', title: 'PID', width: 7, fold: 8, ...right },
    meaning: 'its process',
  },
  {
    ...{ id: 'share', title: '%', width: 5, fold: 16, ...right },
    meaning: 'its part of all requests answered, in percent',
  },
  {
    ...{ id: 'req', title: 'REQ', width: 9, fold: 4, ...right },
    meaning: 'requests it has answered',
  },
  {
    ...{ id: 'rps', title: 'RPS', width: 6, fold: 1, ...right },
    meaning: 'requests it answers in a second now',
  },
  {
    ...{ id: 'spark', title: '', width: 8, fold: 12, ...left },
    meaning: 'requests a second over time, the newest at the right',
  },
  {
    ...{ id: 'queue', title: 'QUEUE', width: 5, fold: 0, ...right },
    meaning: 'requests that wait in the worker for a place (--async)',
  },
  {
    ...{ id: 'fly', title: 'FLY', width: 4, fold: 2, ...right },
    meaning: 'requests in flight: begun and not yet answered',
  },
  {
    ...{ id: 'avg', title: 'AVG ms', width: 7, fold: 3, ...right },
    meaning: 'mean time of its requests, in milliseconds',
  },
  {
    ...{ id: 'p99', title: 'P99 ms', width: 7, fold: 10, ...right },
    meaning: '99 of 100 requests were answered within so many ms',
  },
  {
    ...{ id: 'loop', title: 'LOOP ms', width: 7, fold: 9, ...right },
    meaning: 'how long its event loop has been blocked, in ms',
  },
  {
    ...{ id: 'cpu', title: 'CPU %', width: 5, fold: 6, ...right },
    meaning: 'its share of one processor, in percent',
  },
  {
    ...{ id: 'rss', title: 'RSS', width: 5, fold: 5, ...right },
    meaning: 'memory in RAM, shared pages counted in full',
  },
  {
    ...{ id: 'pss', title: 'PSS', width: 5, fold: 20, ...right },
    meaning: 'memory in RAM, shared pages by its share of them',
  },
  {
    ...{ id: 'heap', title: 'HEAP', width: 5, fold: 21, ...right },
    meaning: 'memory of JavaScript objects',
  },
  {
    ...{ id: 'vsz', title: 'VSZ', width: 5, fold: 19, ...right },
    meaning: 'address space',
  },
  {
    ...{ id: 'tx', title: 'TX', width: 5, fold: 13, ...right },
    meaning: 'bytes it has sent',
  },
  {
    ...{ id: 'exc', title: 'EXC', width: 4, fold: 7, ...right },
    meaning: 'exceptions that a handler threw',
  },
  {
    ...{ id: 'sig', title: 'SIG', width: 4, fold: 18, ...right },
    meaning: 'uWSGI signals it has handled',
  },
  {
    ...{ id: 'hc', title: 'HC', width: 4, fold: 0, ...right },
    meaning: 'harakiri: requests that took too long',
  },
  {
    ...{ id: 'respawn', title: 'ReSpwn', width: 6, fold: 14, ...right },
    meaning: 'how often its process was started anew',
  },
  {
    ...{ id: 'runtime', title: 'RunT s', width: 8, fold: 17, ...right },
    meaning: 'seconds spent in requests',
  },
  {
    ...{ id: 'spawned', title: 'LastSpwn', width: 8, fold: 11, ...right },
    meaning: 'how long ago its process was started',
  },
  {
    ...{ id: 'oldest', title: 'OLDEST REQUEST', width: 16, fold: 15, grows: true, ...left },
    meaning: 'the request that has run for longest',
  },
];

/** A column with the width it got. */
export interface PlacedColumn<C = ColumnSpec> {
  readonly column: C;
  readonly width: number;
}

/** The columns that fit into `width` with `gap` columns before each but the first, and their widths. */
export function placeColumns<C extends Pick<ColumnSpec, 'width' | 'fold' | 'grows'>>(
  columns: readonly C[],
  width: number,
  gap: number,
): readonly PlacedColumn<C>[] {
  const byImportance = [...columns].sort((a, b) => a.fold - b.fold);
  const kept = new Set<C>();
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
