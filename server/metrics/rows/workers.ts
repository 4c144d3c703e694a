import type { WorkerState, WorkerStats } from '../../../shared/stats.js';
import type { Metric, MetricType, MetricUnit } from '../metric.js';
import { ratio } from './instance.js';

/** A number of a worker; null when it is not known (yet). */
type WorkerRow = readonly [
  name: string,
  type: Exclude<MetricType, 'histogram' | 'info'>,
  unit: MetricUnit,
  help: string,
  value: (worker: WorkerStats) => number | null,
];

const MICROSECONDS = 1e6;

/** The public exporter's names: what has no `_total` there is a gauge, also when it only grows. */
const EXPORTER_ROWS: readonly WorkerRow[] = [
  [
    'accepting',
    'gauge',
    '',
    'Whether it accepts connections, 0 or 1.',
    (worker) => worker.accepting,
  ],
  [
    'delta_requests',
    'gauge',
    '',
    'Requests that ended in the process that runs now.',
    (worker) => worker.delta_requests,
  ],
  [
    'signal_queue_length',
    'gauge',
    '',
    'Always 0: there are no uWSGI signals.',
    (worker) => worker.signal_queue,
  ],
  ['rss_bytes', 'gauge', 'bytes', 'Resident memory.', (worker) => worker.rss],
  ['vsz_bytes', 'gauge', 'bytes', 'Address space.', (worker) => worker.vsz],
  [
    'running_time_seconds',
    'gauge',
    'seconds',
    'Time spent inside requests since the master started; it only grows.',
    (worker) => worker.running_time / MICROSECONDS,
  ],
  [
    'last_spawn_time_seconds',
    'gauge',
    'seconds',
    'When its process was spawned, in seconds since 1970; 0 without one.',
    (worker) => worker.last_spawn,
  ],
  [
    'average_response_time_seconds',
    'gauge',
    'seconds',
    "uWSGI's moving average of the last few requests: the histogram tells more.",
    (worker) => worker.avg_rt / MICROSECONDS,
  ],
  ['apps', 'gauge', '', 'Applications that are loaded.', (worker) => worker.apps.length],
  [
    'cores',
    'gauge',
    '',
    'Places for requests in flight.',
    (worker) => worker.cores?.length ?? null,
  ],
  ['busy', 'gauge', '', 'Whether a request is in flight, 0 or 1.', has('busy')],
  ['idle', 'gauge', '', 'Whether it has nothing to do, 0 or 1.', has('idle')],
  ['cheap', 'gauge', '', 'Whether no process is wanted under this id now, 0 or 1.', has('cheap')],
  ['requests', 'counter', '', 'Requests that ended.', (worker) => worker.requests],
  [
    'exceptions',
    'counter',
    '',
    'Exceptions that the application did not catch.',
    (worker) => worker.exceptions,
  ],
  [
    'harakiri_count',
    'counter',
    '',
    'Processes in which a request took longer than --harakiri.',
    (worker) => worker.harakiri_count,
  ],
  ['signals', 'counter', '', 'Always 0: there are no uWSGI signals.', (worker) => worker.signals],
  [
    'respawn_count',
    'counter',
    '',
    'Processes that were spawned, the first included.',
    (worker) => worker.respawn_count,
  ],
  [
    'transmitted_bytes',
    'counter',
    'bytes',
    'Bytes of response heads and bodies.',
    (worker) => worker.tx,
  ],
];

const OWN_ROWS: readonly WorkerRow[] = [
  [
    'requests_in_flight',
    'gauge',
    '',
    'Requests inside the application now.',
    (worker) => worker.in_flight,
  ],
  [
    'requests_queued',
    'gauge',
    '',
    'Requests that wait because all --async places are taken.',
    (worker) => worker.queue_depth,
  ],
  [
    'aborted_requests',
    'counter',
    '',
    'Requests whose client left before the answer was complete.',
    (worker) => worker.aborted,
  ],
  [
    'lost_requests',
    'counter',
    '',
    'Requests that nobody answered because their process died.',
    (worker) => worker.lost,
  ],
  [
    'upgraded_connections',
    'gauge',
    '',
    'WebSocket and other upgraded connections that are open now.',
    (worker) => worker.upgraded,
  ],
  [
    'cpu_ratio',
    'gauge',
    'ratio',
    'CPU time over about the last second, 1 for one core.',
    (worker) => ratio(worker.cpu),
  ],
  [
    'loop_utilization_ratio',
    'gauge',
    'ratio',
    'Share of about the last second that the event loop was at work, 0 to 1.',
    (worker) => worker.loop_utilization,
  ],
  [
    'stalled_seconds',
    'gauge',
    'seconds',
    'For how long the event loop has not turned; 0 while it does.',
    (worker) => worker.stalled_ms / 1000,
  ],
  [
    'uss_bytes',
    'gauge',
    'bytes',
    'Memory that it shares with no other process; a worker is measured at most every five seconds.',
    (worker) => worker.uss,
  ],
  [
    'pss_bytes',
    'gauge',
    'bytes',
    'Memory with what is shared divided among those that share it: the sum is what the pool takes.',
    (worker) => worker.pss,
  ],
  [
    'heap_used_bytes',
    'gauge',
    'bytes',
    'JavaScript heap in use, garbage that was not collected yet included.',
    (worker) => worker.heap_used,
  ],
  [
    'heap_limit_bytes',
    'gauge',
    'bytes',
    'Size of the JavaScript heap at which its process is ended by V8.',
    (worker) => worker.heap_limit,
  ],
  [
    'loop_delay_seconds',
    'gauge',
    'seconds',
    'By how much the event loop came late in the last second, on average.',
    (worker) => worker.loop_delay_ms / 1000,
  ],
  [
    'draining_processes',
    'gauge',
    '',
    'Older processes under this id that still finish their requests.',
    (worker) => worker.draining.length,
  ],
];

function has(status: string): (worker: WorkerStats) => number {
  return (worker) => (worker.status === status ? 1 : 0);
}

function metrics(prefix: string, rows: readonly WorkerRow[]): readonly Metric[] {
  return rows.map(([name, type, unit, help, value]) => ({
    name: `${prefix}_${name}`,
    type,
    unit,
    help,
    labels: ['worker_id'],
    read: ({ workers }) =>
      workers.flatMap((worker) => {
        const known = value(worker);
        return known === null ? [] : [{ labels: [['worker_id', `${worker.id}`]], value: known }];
      }),
  }));
}

/** What is told of each worker; counters cover all processes that ran under its id. */
export const WORKER_METRICS: readonly Metric[] = [
  ...metrics('uwsgi_worker', EXPORTER_ROWS),
  ...metrics('tsuwsgi_worker', OWN_ROWS),
];

const STATES = {
  ready: true,
  starting: true,
  draining: true,
  backoff: true,
  dead: true,
  cheap: true,
} satisfies Record<WorkerState, true>;

/** How many workers are in each state: six numbers however many workers there are. */
export const STATE_METRIC: Metric = {
  name: 'tsuwsgi_workers',
  type: 'gauge',
  unit: '',
  help: 'Worker ids in each state; backoff: its process dies again and again and the next one waits.',
  labels: ['state'],
  read: ({ workers }) =>
    Object.keys(STATES).map((state) => ({
      labels: [['state', state]],
      value: workers.filter((worker) => worker.state === state).length,
    })),
};
