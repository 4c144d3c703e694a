import type { DecodedInstance } from '../../shared/stats.js';
import { MIN_ELAPSED_MS, NO_RATES, type Rates, ratesBetween, type Sample } from './rates.js';
import { totalRss, totalWaiting } from './totals.js';
import {
  NO_WORKER_HISTORY,
  withoutWorkers,
  withWorkers,
  type WorkerHistory,
} from './worker-history.js';

/** Values in the order of their documents, newest last; null is a gap. */
export type Series = readonly (number | null)[];

/** Everything that is remembered from earlier documents. */
export interface History {
  readonly rates: Rates;
  /** When each value of the series below came, monotonic milliseconds that never go back. */
  readonly times: readonly number[];
  /** Total requests per second. */
  readonly rps: Series;
  /** Bytes, over all workers. */
  readonly rss: Series;
  /** Microseconds. */
  readonly p50: Series;
  readonly p95: Series;
  readonly p99: Series;
  /** Requests that wait, before the workers and inside them. */
  readonly waiting: Series;
  /** Of each worker: `recent` ends with the same documents as `times`. */
  readonly byWorker: WorkerHistory;
  /** The document that the next rate is taken against. */
  readonly base: Sample | null;
  /** Documents of the last `WINDOW_MS`, oldest first, about a tenth of it apart. */
  readonly window: readonly Sample[];
}

export const EMPTY_HISTORY: History = {
  rates: NO_RATES,
  times: [],
  rps: [],
  rss: [],
  p50: [],
  p95: [],
  p99: [],
  waiting: [],
  byWorker: NO_WORKER_HISTORY,
  base: null,
  window: [],
};

/** Latencies are those of the last ten seconds. */
export const WINDOW_MS = 10_000;
/** More than five minutes at two documents a second, and more than the widest chart has columns. */
const LONG = 1000;

function pushed<T>(series: readonly T[], value: T): readonly T[] {
  const longer = series.slice(1 - LONG);
  longer.push(value);
  return longer;
}

/** What every chart gets for one point of time. */
export type Point = Readonly<
  Record<'rps' | 'rss' | 'p50' | 'p95' | 'p99' | 'waiting', number | null>
>;

const GAP: Point = { rps: null, rss: null, p50: null, p95: null, p99: null, waiting: null };

/** The long series with one more point at their end. */
function longer(
  history: History,
  at: number,
  point: Point,
): Omit<History, 'rates' | 'byWorker' | 'base' | 'window'> {
  const time = Math.max(at, history.times.at(-1) ?? at);
  return {
    times: pushed(history.times, time),
    rps: pushed(history.rps, point.rps),
    rss: pushed(history.rss, point.rss),
    p50: pushed(history.p50, point.p50),
    p95: pushed(history.p95, point.p95),
    p99: pushed(history.p99, point.p99),
    waiting: pushed(history.waiting, point.waiting),
  };
}

function nextWindow(window: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = window.at(-1);
  const wanted = last === undefined || sample.at - last.at >= WINDOW_MS / 10;
  const kept = window.filter(({ at }) => sample.at - at <= WINDOW_MS);
  return wanted ? [...kept, sample] : kept;
}

/** Takes in a document that arrived at `at`. A document hard on the heels of another changes nothing. */
export function withDocument(history: History, at: number, instance: DecodedInstance): History {
  const { base } = history;
  if (base !== null && at >= base.at && at - base.at < MIN_ELAPSED_MS) return history;
  const sample: Sample = { at, instance };
  const rates = base === null ? NO_RATES : ratesBetween(sample, base, history.window.at(0) ?? base);
  const { rps, p50, p95, p99 } = rates;
  const point = { rps, p50, p95, p99, rss: totalRss(instance), waiting: totalWaiting(instance) };
  return {
    ...longer(history, at, point),
    rates,
    byWorker: withWorkers(history.byWorker, at, instance, rates),
    base: sample,
    window: nextWindow(history.window, sample),
  };
}

/** What the charts got last; all unknown before the first document. */
export function newestPoint({ rps, rss, p50, p95, p99, waiting }: History): Point {
  const last = (series: Series): number | null => series.at(-1) ?? null;
  return {
    rps: last(rps),
    rss: last(rss),
    p50: last(p50),
    p95: last(p95),
    p99: last(p99),
    waiting: last(waiting),
  };
}

/** A history with charts made of points that were kept, oldest first. */
export function remembered(
  history: History,
  points: readonly { readonly at: number; readonly point: Point }[],
): History {
  const shown = points.slice(-LONG);
  const series = (name: keyof Point): Series => shown.map(({ point }) => point[name]);
  return {
    ...history,
    times: shown.map(({ at }) => at),
    rps: series('rps'),
    rss: series('rss'),
    p50: series('p50'),
    p95: series('p95'),
    p99: series('p99'),
    waiting: series('waiting'),
  };
}

/** Marks a time without documents, `at`: every chart shows a gap, and no rate is claimed. */
export function withGap(history: History, at: number): History {
  if (history.base === null) return history;
  return {
    ...history,
    ...longer(history, at, GAP),
    rates: NO_RATES,
    byWorker: withoutWorkers(history.byWorker),
  };
}
