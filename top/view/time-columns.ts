import type { Series } from '../model/series.js';

/** What a column may stand for, in milliseconds. */
const SPANS = [100, 200, 500, 1000, 2000, 3000, 5000, 10_000, 15_000, 20_000, 30_000, 60_000];
/** A chart zooms out as its history grows, until it shows so much. */
const HORIZON_MS = 300_000;
/** A value stands for the time since the one before it, unless that is longer than so many intervals. */
const REACH = 3;

/**
 * How many milliseconds each column of a chart stands for: as few as show `documents` at their
 * interval, up to five minutes. It grows in a few steps and then stays.
 */
export function columnSpan(documents: number, intervalMs: number, columns: number): number {
  const wanted = Math.min(documents * intervalMs, HORIZON_MS);
  return SPANS.find((span) => span >= intervalMs && span * columns >= wanted) ?? 60_000;
}

/** Which part of time a chart shows. */
export interface Window {
  readonly columns: number;
  /** Milliseconds of a column. */
  readonly span: number;
  readonly intervalMs: number;
}

/** The values of a column as one. */
export type Combine = (values: readonly number[]) => number;

export const mean: Combine = (values) =>
  values.reduce((sum, value) => sum + value / values.length, 0);
export const greatest: Combine = (values) => Math.max(...values);

/**
 * The series as one value for each column of time, the newest at the right. Columns begin at whole
 * multiples of their span, so that a value stays in its column while the picture moves. A column
 * without any known value is null.
 * @param times Of the values, monotonic milliseconds, never going back.
 */
export function timeColumns(
  times: readonly number[],
  values: Series,
  { columns, span, intervalMs }: Window,
  combine: Combine,
): Series {
  const newest = Math.floor((times.at(-1) ?? 0) / span);
  const left = newest - columns + 1;
  const found = Array.from({ length: columns }, (): number[] => []);
  const reach = Math.max(REACH * intervalMs, 2 * span);
  times.forEach((time, index) => {
    const value = values[index] ?? null;
    const column = Math.floor(time / span) - left;
    if (value === null || column < 0) return;
    const before = times[index - 1] ?? time;
    const near = time - before <= reach;
    const first = near ? Math.min(column, Math.floor(before / span) - left + 1) : column;
    for (let at = Math.max(0, first); at <= column; at++) found[at]?.push(value);
  });
  return found.map((inside) => (inside.length === 0 ? null : combine(inside)));
}
