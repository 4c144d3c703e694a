import type { PoolMemory, WorkerMemory } from '../../../shared/memory/report.js';
import type { Reach } from '../../../shared/memory/reach.js';
import { type Figure, kilobytesAThousand, megabytesAnHour, type TitledReport } from './figures.js';

/** The report for programs, in one line; docs/memory.md says what each member means. */
export function memoryJson({ report, time, missing }: TitledReport): string {
  const { windowS, workers, pool } = report;
  const document = {
    window_s: windowS,
    time: Math.round(time * 1000) / 1000,
    workers: workers.map(workerOf),
    pool: poolOf(pool),
    missing,
  };
  return `${JSON.stringify(document)}\n`;
}

function workerOf(worker: WorkerMemory) {
  const { now, peers, returned } = worker;
  return {
    id: worker.id,
    pid: worker.pid,
    verdict: worker.verdict,
    where: worker.where,
    ...slopes('slope_mb_h', 'ci', megabytesAnHour(worker.rss)),
    ...slopes('kb_per_1000_requests', 'requests_ci', kilobytesAThousand(worker.perRequest)),
    reaches: reachOf(worker.reaches),
    rss: now?.rss ?? null,
    pss: now?.pss ?? null,
    heap: now?.heap ?? null,
    external: now?.external ?? null,
    native: worker.native,
    age_s: tenths(worker.age),
    seen_s: tenths(worker.seen),
    peers: peers === null ? null : { workers: peers.workers, more_bytes: Math.round(peers.more) },
    returned,
  };
}

function poolOf({ verdict, rss, slope, reaches, returned }: PoolMemory) {
  return {
    ...{ verdict, rss },
    ...slopes('slope_mb_h', 'ci', megabytesAnHour(slope)),
    reaches: reachOf(reaches),
    returned_bytes: returned,
  };
}

function slopes(name: string, bounds: string, figure: Figure | null) {
  return {
    [name]: figure?.value ?? null,
    [bounds]: figure === null ? null : [figure.low, figure.high],
  };
}

function reachOf(reach: Reach | null) {
  return reach === null
    ? null
    : { limit: reach.limit, bytes: reach.bytes, in_s: Math.round(reach.inS) };
}

function tenths(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}
