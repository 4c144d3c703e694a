import { DEFAULT_WINDOW_S } from '../model/memory-window.js';
import type { Model } from '../model/model.js';
import type { Series } from '../model/series.js';
import { SIZES_MS, workerSizes } from '../model/worker-history.js';
import { columnSpan, mean, timeColumns, type Window } from './time-columns.js';

/** The resident size of a worker over time, in columns, whatever process ran under its id. */
export interface SizeColumns {
  readonly values: Series;
  /** Columns in which another process took over. */
  readonly recycled: ReadonlySet<number>;
  /** Of the looks, monotonic milliseconds. */
  readonly times: readonly number[];
  readonly window: Window;
}

/** As many minutes as a verdict looks at. */
export const TREND_MS = DEFAULT_WINDOW_S * 1000;

/** What is remembered of a worker, up to `horizonMs`, the newest at the right. */
export function sizeColumns(
  { history }: Model,
  worker: number,
  columns: number,
  horizonMs: number,
): SizeColumns {
  const sizes = workerSizes(history.byWorker, worker);
  const times = sizes.map(({ at }) => at);
  const span = columnSpan(times, SIZES_MS, columns, horizonMs);
  const window = { columns, span, intervalMs: SIZES_MS };
  const values = timeColumns(
    times,
    sizes.map(({ bytes }) => bytes),
    window,
    mean,
  );
  // A process that took over counts from its first look on, not from the last one of the other.
  const pids = sizes.map(({ pid }) => (pid === 0 ? null : pid));
  const left = Math.floor((times.at(-1) ?? 0) / span) - columns + 1;
  const recycled = new Set<number>();
  let before: number | null = null;
  for (const [index, pid] of pids.entries()) {
    if (pid === null) continue;
    const column = Math.floor((times[index] ?? 0) / span) - left;
    if (before !== null && pid !== before && column >= 0) recycled.add(column);
    before = pid;
  }
  return { values, recycled, times, window };
}
