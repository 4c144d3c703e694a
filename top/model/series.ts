import type { DecodedInstance } from '../../shared/stats.js';
import { MIN_ELAPSED_MS, NO_RATES, type Rates, ratesBetween, type Sample } from './rates.js';

/** Values in the order of their documents, newest last; null is a gap. */
export type Series = readonly (number | null)[];

/** Everything that is remembered from earlier documents. */
export interface History {
  readonly rates: Rates;
  /** Total requests per second. */
  readonly rps: Series;
  /** Bytes, over all workers. */
  readonly rss: Series;
  /** Microseconds. */
  readonly p95: Series;
  /** Requests per second by worker id. */
  readonly workers: ReadonlyMap<number, Series>;
  /** The document that the next rate is taken against. */
  readonly base: Sample | null;
  /** Documents of the last `WINDOW_MS`, oldest first, about a tenth of it apart. */
  readonly window: readonly Sample[];
}

export const EMPTY_HISTORY: History = {
  rates: NO_RATES,
  rps: [],
  rss: [],
  p95: [],
  workers: new Map(),
  base: null,
  window: [],
};

/** Latencies are those of the last ten seconds. */
export const WINDOW_MS = 10_000;
/** Widest chart there is room for. */
const LONG = 400;
/** Widest spark in a table row. */
const SHORT = 12;

function pushed(series: Series, value: number | null, limit: number): Series {
  return [...series.slice(1 - limit), value];
}

/** The resident memory of all workers in bytes; null when no worker reports any. */
export function totalRss(instance: DecodedInstance): number | null {
  const sum = instance.workers.reduce((total, worker) => total + (worker.rss ?? 0), 0);
  return sum > 0 ? sum : null;
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
  const workers = new Map<number, Series>();
  for (const { id } of instance.workers) {
    if (id <= 0) continue;
    const before = history.workers.get(id) ?? [];
    workers.set(id, pushed(before, rates.workers.get(id)?.rps ?? null, SHORT));
  }
  return {
    rates,
    rps: pushed(history.rps, rates.rps, LONG),
    rss: pushed(history.rss, totalRss(instance), LONG),
    p95: pushed(history.p95, rates.p95, LONG),
    workers,
    base: sample,
    window: nextWindow(history.window, sample),
  };
}

/** Marks a time without documents: every chart shows a gap, and no rate is claimed. */
export function withGap(history: History): History {
  if (history.base === null) return history;
  return {
    ...history,
    rates: NO_RATES,
    rps: pushed(history.rps, null, LONG),
    rss: pushed(history.rss, null, LONG),
    p95: pushed(history.p95, null, LONG),
    workers: new Map([...history.workers].map(([id, old]) => [id, pushed(old, null, SHORT)])),
  };
}
