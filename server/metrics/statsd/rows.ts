import { type Buckets, quantile } from '../../../shared/histogram.js';
import type { StatsDocument, WorkerStats } from '../../../shared/stats.js';
import { acceptsNow } from '../../health/readiness.js';

/**
 * What a statsd server is told. Names and units are those of uWSGI's metrics subsystem: bytes and
 * microseconds, `core` for the instance, `worker.ID` for a worker. Cores are left out, since they
 * would be most of the traffic.
 */

/** A total that only grows, or a value that goes up and down. */
export interface Reading {
  readonly kind: 'counter' | 'gauge';
  readonly name: string;
  readonly value: number;
}

type Row<T> = readonly [kind: Reading['kind'], name: string, value: (of: T) => number | null];

const WORKER_ROWS: readonly Row<WorkerStats>[] = [
  ['counter', 'requests', (worker) => worker.requests],
  ['gauge', 'delta_requests', (worker) => worker.delta_requests],
  ['counter', 'failed_requests', (worker) => worker.exceptions],
  ['counter', 'respawns', (worker) => worker.respawn_count],
  ['gauge', 'avg_response_time', (worker) => worker.avg_rt],
  ['counter', 'total_tx', (worker) => worker.tx],
  ['gauge', 'rss_size', (worker) => worker.rss],
  ['gauge', 'vsz_size', (worker) => worker.vsz],
  ['counter', 'running_time', (worker) => worker.running_time],
  ['counter', 'harakiris', (worker) => worker.harakiri_count],
  ['counter', 'aborted_requests', (worker) => worker.aborted],
  ['counter', 'lost_requests', (worker) => worker.lost],
  ['gauge', 'in_flight', (worker) => worker.in_flight],
  ['gauge', 'queued', (worker) => worker.queue_depth],
  ['gauge', 'cpu_percent', (worker) => worker.cpu],
  ['gauge', 'stalled_ms', (worker) => worker.stalled_ms],
];

const INSTANCE_ROWS: readonly Row<StatsDocument>[] = [
  ['gauge', 'core.busy_workers', ({ workers }) => workers.filter(has('busy')).length],
  ['gauge', 'core.idle_workers', ({ workers }) => workers.filter(has('idle')).length],
  ['gauge', 'core.accepting_workers', ({ workers }) => workers.filter(acceptsNow).length],
  ['counter', 'core.total_tx', sumOf(({ tx }) => tx)],
  ['gauge', 'core.total_rss', sumOf(({ rss }) => rss)],
  ['gauge', 'core.total_vsz', sumOf(({ vsz }) => vsz)],
  ['counter', 'core.total_running_time', sumOf(({ running_time: time }) => time)],
  ['gauge', 'core.avg_response_time', averageTime],
  ['gauge', 'core.in_flight', (document) => document.in_flight],
  ['gauge', 'core.queued', (document) => document.queue_depth],
];

function has(status: string): (worker: WorkerStats) => boolean {
  return (worker) => worker.status === status && worker.pid !== 0;
}

function sumOf(value: (worker: WorkerStats) => number): (document: StatsDocument) => number {
  return ({ workers }) => workers.reduce((sum, worker) => sum + value(worker), 0);
}

/** Of the workers that have answered something. */
function averageTime({ workers }: StatsDocument): number {
  const times = workers.map(({ avg_rt: time }) => time).filter((time) => time > 0);
  return times.length === 0 ? 0 : times.reduce((sum, time) => sum + time, 0) / times.length;
}

/** Everything that is told of a document, latency aside. */
export function readings(document: StatsDocument): Reading[] {
  return [
    ...INSTANCE_ROWS.flatMap((row) => read('', row, document)),
    ...document.workers.flatMap((worker) =>
      WORKER_ROWS.flatMap((row) => read(`worker.${worker.id}.`, row, worker)),
    ),
    ...document.sockets.map(({ queue }, at) => ({
      kind: 'gauge' as const,
      name: `socket.${at}.listen_queue`,
      value: queue,
    })),
  ];
}

function read<T>(path: string, [kind, name, value]: Row<T>, of: T): Reading[] {
  const known = value(of);
  return known === null ? [] : [{ kind, name: `${path}${name}`, value: known }];
}

/** What the requests since the last push took, in microseconds; nothing when there were none. */
export function quantiles(buckets: Buckets): Reading[] {
  return [50, 95, 99].flatMap((percent) => {
    const value = quantile(buckets, percent / 100);
    const name = `core.latency_p${percent}`;
    return value === null ? [] : [{ kind: 'gauge' as const, name, value }];
  });
}
