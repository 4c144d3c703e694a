import type { StatsDocument } from '../../shared/stats.js';
import { type HistogramSample, type Labels, type Metric, sampleName } from './metric.js';
import { METRICS } from './table.js';

/**
 * The two text formats of Prometheus: 0.0.4, and OpenMetrics 1.0, in which a counter's family has
 * no `_total`, units are told and the text ends with a mark. Neither exemplars nor `_created`
 * samples are written: the latter would be a further series for each counter in Prometheus 2.
 */
export type TextFormat = 'text' | 'openmetrics';

/** The media types of the formats. */
export const CONTENT_TYPES = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
} as const satisfies Record<TextFormat, string>;

/** Writes all metrics of a document; a metric without samples is left out. */
export function expose(document: StatsDocument, format: TextFormat): string {
  const blocks = METRICS.flatMap((metric) => {
    const lines = sampleLines(metric, document);
    return lines.length === 0 ? [] : [...headLines(metric, format), ...lines];
  });
  if (format === 'openmetrics') blocks.push('# EOF');
  return `${blocks.join('\n')}\n`;
}

function headLines(metric: Metric, format: TextFormat): string[] {
  const { name, type, unit, help } = metric;
  if (format === 'text') {
    const family = sampleName(metric);
    return [
      `# HELP ${family} ${escapeHelp(help)}`,
      `# TYPE ${family} ${type === 'info' ? 'gauge' : type}`,
    ];
  }
  return [
    `# TYPE ${name} ${type}`,
    ...(unit === '' ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${escapeValue(help)}`,
  ];
}

function sampleLines(metric: Metric, document: StatsDocument): string[] {
  if (metric.type === 'histogram') {
    return metric.read(document).flatMap((sample) => histogramLines(metric.name, sample));
  }
  const name = sampleName(metric);
  return metric.read(document).map(({ labels, value }) => line(name, labels, value));
}

function histogramLines(name: string, sample: HistogramSample): string[] {
  const { labels, buckets, count, sum } = sample;
  const bucket = (le: string, value: number): string =>
    line(`${name}_bucket`, [...labels, ['le', le]], value);
  return [
    ...buckets.map((each) => bucket(number(each.le), each.count)),
    bucket('+Inf', count),
    line(`${name}_sum`, labels, sum),
    line(`${name}_count`, labels, count),
  ];
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = labels.map(([label, text]) => `${label}="${escapeValue(text)}"`).join(',');
  return `${name}${pairs === '' ? '' : `{${pairs}}`} ${number(value)}`;
}

function number(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}

/** Help in the format 0.0.4: a quotation mark stands for itself there. */
function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** Label values in both formats, and help in OpenMetrics. */
function escapeValue(text: string): string {
  // Nearly every value is a number or an address, and there are thousands of them.
  if (!/[\\\n"]/.test(text)) return text;
  return escapeHelp(text).replaceAll('"', '\\"');
}
