import type { StatsDocument, UwsgiApp, UwsgiCore } from '../../../shared/stats.js';
import type { Metric, MetricType, MetricUnit } from '../metric.js';

/** Applications and cores of the workers, under the public exporter's names. */

type Row<T> = readonly [
  name: string,
  type: Exclude<MetricType, 'histogram' | 'info'>,
  unit: MetricUnit,
  help: string,
  value: (part: T) => number,
];

const APP_ROWS: readonly Row<UwsgiApp>[] = [
  [
    'startup_time_seconds',
    'gauge',
    'seconds',
    'How long loading the application took, whole seconds.',
    (app) => app.startup_time,
  ],
  ['requests', 'counter', '', 'Requests that ended.', (app) => app.requests],
  [
    'exceptions',
    'counter',
    '',
    'Exceptions that the application did not catch.',
    (app) => app.exceptions,
  ],
];

const CORE_ROWS: readonly Row<UwsgiCore>[] = [
  [
    'busy',
    'gauge',
    '',
    'Whether a request is in this place now, 0 or 1.',
    (core) => core.in_request,
  ],
  ['requests', 'counter', '', 'Requests that ended in this place.', (core) => core.requests],
  [
    'static_requests',
    'counter',
    '',
    'Requests that ended in this place and were answered from a file.',
    (core) => core.static_requests,
  ],
  [
    'routed_requests',
    'counter',
    '',
    'Always 0: there is no internal routing.',
    (core) => core.routed_requests,
  ],
  [
    'offloaded_requests',
    'counter',
    '',
    'Always 0: nothing is offloaded.',
    (core) => core.offloaded_requests,
  ],
  [
    'write_errors',
    'counter',
    '',
    'Always 0: see the aborted requests.',
    (core) => core.write_errors,
  ],
  ['read_errors', 'counter', '', 'Always 0: see the aborted requests.', (core) => core.read_errors],
];

interface Part<T> {
  readonly prefix: string;
  readonly labels: readonly string[];
  /** Each part with the values of its labels. */
  readonly of: (document: StatsDocument) => readonly (readonly [T, ...string[]])[];
}

const APPS: Part<UwsgiApp> = {
  prefix: 'uwsgi_worker_app',
  labels: ['worker_id', 'app_id', 'mountpoint', 'chdir'],
  of: ({ workers }) =>
    workers.flatMap(({ id, apps }) =>
      apps.map((app) => [app, `${id}`, `${app.id}`, app.mountpoint, app.chdir] as const),
    ),
};

/**
 * Above so many cores in all, none is told of: a worker without `--async` may use 256, and seven
 * series for each would be more than Prometheus should take from one instance.
 */
export const MOST_CORES = 256;

const CORES: Part<UwsgiCore> = {
  prefix: 'uwsgi_worker_core',
  labels: ['worker_id', 'core_id'],
  of: ({ workers }) => {
    const count = workers.reduce((sum, { cores = [] }) => sum + cores.length, 0);
    if (count > MOST_CORES) return [];
    return workers.flatMap(({ id, cores = [] }) =>
      cores.map((core) => [core, `${id}`, `${core.id}`] as const),
    );
  },
};

function metrics<T>({ prefix, labels, of }: Part<T>, rows: readonly Row<T>[]): readonly Metric[] {
  return rows.map(([name, type, unit, help, value]) => ({
    name: `${prefix}_${name}`,
    type,
    unit,
    help,
    labels,
    read: (document) =>
      of(document).map(([part, ...values]) => ({
        labels: labels.map((label, at) => [label, values[at] ?? ''] as const),
        value: value(part),
      })),
  }));
}

/** What is told of the application of each worker. */
export const APP_METRICS: readonly Metric[] = metrics(APPS, APP_ROWS);

/** What is told of each place for a request in flight. */
export const CORE_METRICS: readonly Metric[] = metrics(CORES, CORE_ROWS);
