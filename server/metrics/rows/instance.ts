import type { StatsDocument } from '../../../shared/stats.js';
import { acceptsNow } from '../../health/readiness.js';
import type { Metric, MetricType, MetricUnit } from '../metric.js';

/** A number of the whole instance; null when it is not known (yet). */
type InstanceRow = readonly [
  name: string,
  type: Exclude<MetricType, 'histogram'>,
  unit: MetricUnit,
  help: string,
  value: (document: StatsDocument) => number | null,
];

/** The names of the public uWSGI exporter that have no label. */
const EXPORTER_ROWS: readonly InstanceRow[] = [
  ['uwsgi_up', 'gauge', '', 'Whether the instance was there to be asked: always 1.', () => 1],
  [
    'uwsgi_listen_queue_length',
    'gauge',
    '',
    'The longest accept queue over all sockets, in connections.',
    (document) => document.listen_queue,
  ],
  [
    'uwsgi_listen_queue_errors',
    'gauge',
    '',
    'Always 0, as in uWSGI.',
    (document) => document.listen_queue_errors,
  ],
  [
    'uwsgi_signal_queue_length',
    'gauge',
    '',
    'Always 0: there are no uWSGI signals.',
    (document) => document.signal_queue,
  ],
  [
    'uwsgi_workers',
    'gauge',
    '',
    'Worker ids, those without a process included.',
    (document) => document.workers.length,
  ],
];

const OWN_ROWS: readonly InstanceRow[] = [
  [
    'tsuwsgi_start_time_seconds',
    'gauge',
    'seconds',
    'When the master started, in seconds since 1970.',
    (document) => document.start_time,
  ],
  [
    'tsuwsgi_workers_accepting',
    'gauge',
    '',
    'Workers that accept connections, have their application, and whose event loop has turned within the last second.',
    (document) => document.workers.filter(acceptsNow).length,
  ],
  [
    'tsuwsgi_requests_in_flight',
    'gauge',
    '',
    'Requests inside the application now.',
    (document) => document.in_flight,
  ],
  [
    'tsuwsgi_requests_queued',
    'gauge',
    '',
    'Requests that wait inside the workers because all --async places are taken.',
    (document) => document.queue_depth,
  ],
  [
    'tsuwsgi_reloads',
    'counter',
    '',
    'Reloads of all workers that were completed.',
    (document) => document.generation,
  ],
  [
    'tsuwsgi_reload_running',
    'gauge',
    '',
    'Whether a reload of all workers runs now, 0 or 1.',
    (document) => (document.reload.state === 'running' ? 1 : 0),
  ],
  [
    'tsuwsgi_reload_abandoned',
    'gauge',
    '',
    'Whether the last reload of all workers was abandoned because new workers did not start, 0 or 1.',
    (document) => (document.reload.state === 'abandoned' ? 1 : 0),
  ],
  [
    'tsuwsgi_upgrade_abandoned',
    'gauge',
    '',
    'Whether the last new master was abandoned and this one stayed, 0 or 1.',
    (document) => (document.upgrade.state === 'abandoned' ? 1 : 0),
  ],
  [
    'tsuwsgi_master_rss_bytes',
    'gauge',
    'bytes',
    'Resident memory of the master.',
    (document) => document.master.rss,
  ],
  [
    'tsuwsgi_master_vsz_bytes',
    'gauge',
    'bytes',
    'Address space of the master.',
    (document) => document.master.vsz,
  ],
  [
    'tsuwsgi_master_cpu_ratio',
    'gauge',
    'ratio',
    'CPU time of the master over about the last second, 1 for one core.',
    (document) => ratio(document.master.cpu),
  ],
];

/** A percentage as a ratio. */
export function ratio(percent: number | null): number | null {
  return percent === null ? null : percent / 100;
}

function metric([name, type, unit, help, value]: InstanceRow): Metric {
  return {
    name,
    type,
    unit,
    help,
    labels: [],
    read: (document) => {
      const known = value(document);
      return known === null ? [] : [{ labels: [], value: known }];
    },
  };
}

/** What is told of the instance as a whole. */
export const INSTANCE_METRICS: readonly Metric[] = [...EXPORTER_ROWS, ...OWN_ROWS].map(metric);

/** Which build serves. */
export const BUILD_METRIC: Metric = {
  name: 'tsuwsgi_build',
  type: 'info',
  unit: '',
  help: 'The versions of tsuwsgi and of Node.js that serve.',
  labels: ['version', 'node'],
  read: ({ version, node }) => [
    {
      labels: [
        ['version', version],
        ['node', node],
      ],
      value: 1,
    },
  ],
};
