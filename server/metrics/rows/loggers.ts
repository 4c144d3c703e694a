import type { LoggerStats } from '../../../shared/stats.js';
import type { Metric } from '../metric.js';

type Row = readonly [
  name: string,
  unit: Metric['unit'],
  help: string,
  value: (logger: LoggerStats) => number,
];

const ROWS: readonly Row[] = [
  ['log_lines', '', 'Lines that a logger has written or sent.', ({ lines }) => lines],
  ['log_bytes', 'bytes', 'Bytes that a logger has written or sent.', ({ bytes }) => bytes],
  [
    'log_dropped_lines',
    '',
    'Lines that a logger had no room for, or that nobody took.',
    ({ dropped }) => dropped,
  ],
];

/** What became of lines; nothing where processes write to standard error themselves. */
export const LOGGER_METRICS: readonly Metric[] = ROWS.map(([name, unit, help, value]) => ({
  name: `tsuwsgi_${name}`,
  ...{ type: 'counter', unit, help, labels: ['logger'] },
  read: ({ loggers }) =>
    distinct(loggers).map((logger) => ({
      labels: [['logger', logger.name]],
      value: value(logger),
    })),
}));

/** A logger may be given twice, for requests and for the rest; a series may not. */
function distinct(loggers: readonly LoggerStats[]): readonly LoggerStats[] {
  const sums = new Map<string, LoggerStats>();
  for (const { name, lines, bytes, dropped } of loggers) {
    const sum = sums.get(name);
    sums.set(name, {
      name,
      lines: lines + (sum?.lines ?? 0),
      bytes: bytes + (sum?.bytes ?? 0),
      dropped: dropped + (sum?.dropped ?? 0),
    });
  }
  return [...sums.values()];
}
