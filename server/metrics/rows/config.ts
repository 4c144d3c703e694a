import type { StatsDocument } from '../../../shared/stats.js';
import type { Metric } from '../metric.js';

type Row = readonly [
  name: string,
  unit: Metric['unit'],
  help: string,
  value: (document: StatsDocument) => number,
];

const ROWS: readonly Row[] = [
  [
    'last_reload_successful',
    '',
    'Whether the configuration that was read last holds, 0 or 1.',
    ({ config }) => (config.problems.length === 0 ? 1 : 0),
  ],
  [
    'last_reload_success_timestamp_seconds',
    'seconds',
    'When the configuration that holds came to hold, since 1970.',
    ({ config }) => config.taken_at,
  ],
  [
    'pending',
    '',
    'Changed options that wait for an upgrade or a restart.',
    ({ config }) => config.pending.length,
  ],
];

/** What became of the configuration at the last reload, by the names that Prometheus has for its own. */
export const CONFIG_METRICS: readonly Metric[] = ROWS.map(([name, unit, help, value]) => ({
  name: `tsuwsgi_config_${name}`,
  ...{ type: 'gauge', unit, help, labels: [] },
  read: (document) => [{ labels: [], value: value(document) }],
}));
