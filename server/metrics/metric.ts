import type { StatsDocument } from '../../shared/stats.js';

/**
 * What all exporters share: a metric is a row of a table that is read from a document. How its
 * samples are written or sent is the exporters' affair (`exposition.ts` is one).
 */

/** `info` is a gauge that is always 1 and tells with its labels. */
export type MetricType = 'counter' | 'gauge' | 'histogram' | 'info';

/** A metric without unit counts things, or is 0 or 1. */
export type MetricUnit = '' | 'bytes' | 'ratio' | 'seconds';

/** Label names and values, always in the order of the metric's `labels`. */
export type Labels = readonly (readonly [name: string, value: string])[];

/** One number of a counter, gauge or info. */
export interface NumberSample {
  readonly labels: Labels;
  readonly value: number;
}

/** One histogram: how many observations were at most `le`, for each bound, ascending. */
export interface HistogramSample {
  readonly labels: Labels;
  /** In the metric's unit; the last bound, infinity, is `count` and not here. */
  readonly buckets: readonly { readonly le: number; readonly count: number }[];
  readonly count: number;
  readonly sum: number;
}

interface Described {
  /** Without the suffix of its type; ends with its unit when it has one. */
  readonly name: string;
  readonly unit: MetricUnit;
  /** One sentence. */
  readonly help: string;
  readonly labels: readonly string[];
}

interface NumberMetric extends Described {
  readonly type: Exclude<MetricType, 'histogram'>;
  /** What is not known has no sample. */
  readonly read: (document: StatsDocument) => readonly NumberSample[];
}

interface HistogramMetric extends Described {
  readonly type: 'histogram';
  readonly read: (document: StatsDocument) => readonly HistogramSample[];
}

export type Metric = NumberMetric | HistogramMetric;

/** The suffix that every format puts behind the name of a counter or an info. */
const SUFFIX = { counter: '_total', gauge: '', histogram: '', info: '_info' } as const;

/** The name under which a metric is asked for in PromQL; of a histogram that before `_bucket`. */
export function sampleName({ name, type }: Pick<Metric, 'name' | 'type'>): string {
  return `${name}${SUFFIX[type]}`;
}
