import { bytes, count, grouped, millis } from '../../shared/units.js';
import { isOutdated } from '../model/currency.js';
import { type Model } from '../model/model.js';
import type { Series } from '../model/series.js';
import { instanceOf } from '../model/table-state.js';
import { rate } from './columns.js';
import type { StyleName } from './frame.js';
import { type Combine, greatest, mean } from './time-columns.js';

/** What a chart shows, and how its figures are written. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly values: Series;
  readonly format: (value: number) => string;
  readonly style: StyleName;
  /** Other figures of the same unit, said in the title where there is room. */
  readonly beside: readonly (readonly [name: string, values: Series])[];
  /** Several values in a column: the mean of a rate, but no peak of a wait is hidden. */
  readonly combine: Combine;
  /** A value at the axis, in the unit of the title, at most four columns. */
  readonly mark: (value: number) => string;
  /** The axis never ends below this. */
  readonly least: number;
  readonly base: 1000 | 1024;
}

/** A step of an axis, without a needless zero; below ten it is exact. */
export const short = (value: number): string =>
  value < 10 ? String(value) : count(value).replace('.0', '');

/** Bytes at an axis, without a needless zero. */
export const shortBytes = (value: number): string => bytes(value).replace('.0', '');

/** What charts of rates, of waits and of sizes have in common. */
export const RATES = { combine: mean, mark: short, least: 1, base: 1000, beside: [] } as const;
export const WAITS = { ...RATES, combine: greatest } as const;
export const BYTES = {
  ...RATES,
  mark: shortBytes,
  least: 16 * 1024 * 1024,
  base: 1024,
} as const;

/**
 * The charts of a screen, as many as stand well side by side. A server that tells no latency gives
 * its place to what waits.
 */
export function chartsOf(model: Model): readonly Chart[] {
  const { rps, rss, p50, p95, p99, waiting } = model.history;
  const requests: Chart = {
    ...{ id: 'chart-requests', title: 'requests/s', values: rps, format: rate },
    ...{ ...RATES, style: styled(model, 'work') },
  };
  const memory: Chart = {
    ...{ id: 'chart-memory', title: 'memory rss', values: rss, format: bytes },
    ...{ ...BYTES, style: styled(model, 'measure') },
  };
  if (model.width < 100) return [requests, memory];
  const latency: Chart = {
    ...{ id: 'chart-latency', title: 'p95 ms', values: p95, format: millis },
    ...{ ...WAITS, style: styled(model, 'measure'), least: 1000 },
    mark: (micros) => short(micros / 1000),
    beside: [
      ['p50', p50],
      ['p99', p99],
    ],
  };
  const queue: Chart = {
    ...{ id: 'chart-queue', title: 'waiting', values: waiting, format: grouped },
    ...{ ...WAITS, style: styled(model, 'attention'), least: 10 },
  };
  const timed = instanceOf(model)?.workers.some((worker) => worker.latency !== undefined) === true;
  if (model.width < 180) return [requests, timed ? latency : queue, memory];
  return [requests, ...(timed ? [latency] : []), memory, queue];
}

/** What was true once no longer claims the eye. */
export function styled(model: Model, style: StyleName): StyleName {
  return isOutdated(model) ? 'dim' : style;
}

/** The newest value of a series in a fixed width, so that what follows stands still. */
export function newest(chart: Chart, values: Series, wide: number, unknown: string): string {
  const value = values.at(-1) ?? null;
  return (value === null ? unknown : chart.format(value)).padStart(wide);
}

/** The greatest known value; null without any. */
export function peakOf(values: Series): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
