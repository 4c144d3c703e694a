import type { GcStats, StatsDocument, WorkerStats } from '../../../shared/stats.js';
import type { Metric, MetricUnit, NumberSample } from '../metric.js';

/** What is known of the memory of workers from inside and outside, and of what there is for all. */

/** A number of a worker; null when it is not known. */
type WorkerRow = readonly [
  name: string,
  unit: MetricUnit,
  help: string,
  value: (worker: WorkerStats) => number | null,
];

const WORKER_ROWS: readonly WorkerRow[] = [
  [
    'shared_bytes',
    'bytes',
    'Resident memory that other processes have mapped too.',
    (worker) => worker.shared,
  ],
  ['swap_bytes', 'bytes', 'Memory that was swapped out.', (worker) => worker.swap],
  [
    'external_bytes',
    'bytes',
    'Memory outside the JavaScript heap that its objects hold, Buffers included.',
    (worker) => worker.external,
  ],
  [
    'array_buffers_bytes',
    'bytes',
    'Memory of ArrayBuffers, and so of all Buffers.',
    (worker) => worker.array_buffers,
  ],
  ['malloced_bytes', 'bytes', 'Memory that V8 itself has allocated.', (worker) => worker.malloced],
  [
    'native_contexts',
    '',
    'Global objects that live: a number that grows is a leak.',
    (worker) => worker.native_contexts,
  ],
  [
    'detached_contexts',
    '',
    'Global objects that were given up and not collected yet.',
    (worker) => worker.detached_contexts,
  ],
  ['handles', '', 'Open handles of the event loop, such as sockets.', (worker) => worker.handles],
  [
    'active_requests',
    '',
    'What was asked of the system and not answered yet.',
    (worker) => worker.active_requests,
  ],
  [
    'inside_age_seconds',
    'seconds',
    'How old the figures are that a process has of itself; it grows while its loop is blocked.',
    (worker) => (worker.inside_age_ms === null ? null : worker.inside_age_ms / 1000),
  ],
];

function workerMetric([name, unit, help, value]: WorkerRow): Metric {
  return {
    name: `tsuwsgi_worker_${name}`,
    ...{ type: 'gauge', unit, help, labels: ['worker_id'] },
    read: ({ workers }) =>
      workers.flatMap((worker) => known(value(worker), ['worker_id', `${worker.id}`])),
  };
}

function known(
  value: number | null,
  ...labels: readonly (readonly [string, string])[]
): readonly NumberSample[] {
  return value === null ? [] : [{ labels, value }];
}

const KINDS = ['minor', 'major', 'incremental', 'weak'] as const;

/** One sample for each kind of collection that a worker tells of. */
function gcSamples(
  { workers }: StatsDocument,
  value: (gc: GcStats, kind: (typeof KINDS)[number]) => number,
): readonly NumberSample[] {
  return workers.flatMap(({ id, gc }) =>
    gc === null
      ? []
      : KINDS.flatMap((kind) => known(value(gc, kind), ['worker_id', `${id}`], ['kind', kind])),
  );
}

const GC_METRICS: readonly Metric[] = [
  {
    name: 'tsuwsgi_worker_gc_collections',
    ...{ type: 'counter', unit: '', labels: ['worker_id', 'kind'] },
    help: 'Garbage collections of the process that runs now.',
    read: (document) => gcSamples(document, (gc, kind) => gc[`${kind}_count`]),
  },
  {
    name: 'tsuwsgi_worker_gc_seconds',
    ...{ type: 'counter', unit: 'seconds', labels: ['worker_id', 'kind'] },
    help: 'Time that the garbage collections of the process that runs now have taken.',
    read: (document) => gcSamples(document, (gc, kind) => gc[`${kind}_ms`] / 1000),
  },
];

const SPACE_METRICS: readonly Metric[] = (['used', 'size'] as const).map((what) => ({
  name: `tsuwsgi_worker_heap_space_${what}_bytes`,
  ...{ type: 'gauge', unit: 'bytes', labels: ['worker_id', 'space'] },
  help:
    what === 'used'
      ? 'Bytes in use in each space of the JavaScript heap.'
      : 'Bytes that each space of the JavaScript heap takes.',
  read: ({ workers }) =>
    workers.flatMap(({ id, heap_spaces: spaces }) =>
      spaces.flatMap((space) => known(space[what], ['worker_id', `${id}`], ['space', space.name])),
    ),
}));

/** What is told of each worker's memory. */
export const WORKER_MEMORY_METRICS: readonly Metric[] = [
  ...WORKER_ROWS.map(workerMetric),
  ...GC_METRICS,
  ...SPACE_METRICS,
];

/** A number of the whole instance; null when it is not known. */
type InstanceRow = readonly [
  name: string,
  unit: MetricUnit,
  help: string,
  value: (document: StatsDocument) => number | null,
];

const INSTANCE_ROWS: readonly InstanceRow[] = [
  [
    'master_uss_bytes',
    'bytes',
    'Memory of the master that no other process shares.',
    ({ master }) => master.uss,
  ],
  [
    'master_pss_bytes',
    'bytes',
    'Memory of the master with what is shared divided among those that share it.',
    ({ master }) => master.pss,
  ],
  [
    'master_shared_bytes',
    'bytes',
    'Resident memory of the master that other processes have mapped too.',
    ({ master }) => master.shared,
  ],
  [
    'master_swap_bytes',
    'bytes',
    'Memory of the master that was swapped out.',
    ({ master }) => master.swap,
  ],
  [
    'pool_pss_bytes',
    'bytes',
    'What the master and all processes of all workers take, shared memory counted once.',
    ({ memory }) => memory.pool_pss,
  ],
  [
    'cgroup_memory_limit_bytes',
    'bytes',
    "The tightest limit of the master's control group and those around it.",
    ({ memory }) => memory.cgroup?.limit ?? null,
  ],
  [
    'cgroup_memory_usage_bytes',
    'bytes',
    'What the control group with this limit takes.',
    ({ memory }) => memory.cgroup?.usage ?? null,
  ],
  [
    'cgroup_swap_bytes',
    'bytes',
    'What this control group has swapped out.',
    ({ memory }) => memory.cgroup?.swap ?? null,
  ],
];

function instanceMetric([name, unit, help, value]: InstanceRow): Metric {
  return {
    name: `tsuwsgi_${name}`,
    ...{ type: 'gauge', unit, help, labels: [] },
    read: (document) => known(value(document)),
  };
}

/** Each as [label, label, key of `memory.pressure`]. */
const PRESSURES = [
  ['some', '10s', 'some_avg10'],
  ['some', '60s', 'some_avg60'],
  ['full', '10s', 'full_avg10'],
  ['full', '60s', 'full_avg60'],
] as const;

const PRESSURE_METRIC: Metric = {
  name: 'tsuwsgi_cgroup_memory_pressure_ratio',
  ...{ type: 'gauge', unit: 'ratio', labels: ['tasks', 'window'] },
  help: "Share of the time in which some or all tasks of the master's control group waited for memory.",
  read: ({ memory: { pressure } }) =>
    pressure === null
      ? []
      : PRESSURES.flatMap(([tasks, window, key]) =>
          known(pressure[key] / 100, ['tasks', tasks], ['window', window]),
        ),
};

/** Each as [label, key of `memory_limits`]: the label is the option. */
const LIMITS = [
  ['reload-on-rss', 'reload_on_rss'],
  ['reload-on-uss', 'reload_on_uss'],
  ['reload-on-pss', 'reload_on_pss'],
  ['reload-on-heap', 'reload_on_heap'],
  ['memory-budget', 'memory_budget'],
] as const;

const LIMIT_METRIC: Metric = {
  name: 'tsuwsgi_memory_limit_bytes',
  ...{ type: 'gauge', unit: 'bytes', labels: ['option'] },
  help: 'What an option allows a worker, or as the budget all of them, before one is replaced.',
  read: ({ memory_limits: limits }) =>
    LIMITS.flatMap(([option, key]) => known(limits[key], ['option', option])),
};

/** What is told of the memory of the instance. */
export const INSTANCE_MEMORY_METRICS: readonly Metric[] = [
  ...INSTANCE_ROWS.map(instanceMetric),
  PRESSURE_METRIC,
  LIMIT_METRIC,
];
