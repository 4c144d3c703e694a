import type { StatsDocument, WorkerStats } from '../../shared/stats.js';
import { smallDocument } from './small-document.js';
import { idleCore, latencyOf } from './stats-builder.js';

/** A document of so many workers that have never been busy. */
export function firstDocument(count: number): StatsDocument {
  const small = smallDocument(count);
  const latency = latencyOf(0.4, 0.6, 1, 2, 3, 5, 9, 30, 120);
  return {
    ...small,
    workers: small.workers.map((worker) => ({
      ...worker,
      latency,
      cores: Array.from({ length: 4 }, (_, id) => idleCore(id)),
    })),
  };
}

/**
 * The document a second after `before`, as the `tick`th: `changing` of the workers, others each
 * time, answered some requests, and time went on. They are neighbours, or stand evenly among the
 * others.
 */
export function nextDocument(
  before: StatsDocument,
  tick: number,
  changing: number,
  where: 'together' | 'scattered' = 'together',
): StatsDocument {
  const { length } = before.workers;
  const from = (tick * changing) % length;
  const step = Math.ceil(length / changing);
  const changes = (index: number): boolean =>
    where === 'together'
      ? (index - from + length) % length < changing
      : index % step === tick % step;
  return {
    ...before,
    time: 1000 + tick,
    workers: before.workers.map((worker, index) =>
      changes(index) ? busier(worker, tick) : worker,
    ),
  };
}

/** What a second of work does to the numbers of a worker. */
function busier(worker: WorkerStats, tick: number): WorkerStats {
  const requests = worker.requests + 97;
  const running = worker.running_time + 97 * 2100;
  return {
    ...worker,
    requests,
    delta_requests: requests,
    running_time: running,
    tx: worker.tx + 97 * 2600,
    avg_rt: 1900 + (tick % 400),
    rss: worker.rss + 4096 * (tick % 5),
    cpu: 20 + (tick % 30),
    loop_utilization: ((tick * 7) % 100) / 100,
    status: tick % 2 === 0 ? 'busy' : 'idle',
    in_flight: tick % 2,
    latency: {
      count: requests,
      sum_us: running,
      buckets: worker.latency.buckets.map(([bucket, count]) => [bucket, count + 11]),
    },
    cores: (worker.cores ?? []).map((core) => ({ ...core, requests: core.requests + 24 })),
  };
}
