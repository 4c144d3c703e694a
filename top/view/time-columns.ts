import type { Series } from '../model/series.js';

/** What a column may stand for, in milliseconds. */
const SPANS = [100, 200, 500, 1000, 2000, 3000, 5000, 10_000, 15_000, 20_000, 30_000, 60_000];
/** A chart zooms out as its history grows, until it shows so much. */
const HORIZON_MS = 300_000;
/** A value stands for the time since the one before it, unless that is so many times the usual. */
const REACH = 3;

/**
 * How many milliseconds each column of a chart stands for: as few as show what came at these times,
 * up to the horizon. It grows in a few steps and then stays: of a full history it is the number of
 * documents that counts, since the time they took is never twice the same.
 */
export function columnSpan(
  times: readonly number[],
  intervalMs: number,
  columns: number,
  horizonMs = HORIZON_MS,
): number {
  const [oldest = 0] = times;
  const taken = (times.at(-1) ?? 0) - oldest + intervalMs;
  const wanted = Math.min(taken, times.length * intervalMs, horizonMs);
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
  times.forEach((time, index) => {
    const value = values[index] ?? null;
    const column = Math.floor(time / span) - left;
    if (value === null || column < 0) return;
    const before = times[index - 1] ?? time;
    // The interval may have been another one then: the neighbours tell.
    const usual = Math.max(
      intervalMs,
      before - (times[index - 2] ?? before),
      (times[index + 1] ?? time) - time,
    );
    const near = time - before <= Math.max(REACH * usual, 2 * span);
    const first = near ? Math.min(column, Math.floor(before / span) - left + 1) : column;
    for (let at = Math.max(0, first); at <= column; at++) found[at]?.push(value);
  });
  return found.map((inside) => (inside.length === 0 ? null : combine(inside)));
}

/** The column that a moment belongs to; what is later than all values counts to the newest. */
export function columnAt(
  at: number,
  times: readonly number[],
  { columns, span }: Pick<Window, 'columns' | 'span'>,
): number | null {
  const newest = Math.floor((times.at(-1) ?? 0) / span);
  const column = Math.floor(at / span) - (newest - columns + 1);
  return column < 0 ? null : Math.min(column, columns - 1);
}
