import type { MemoryDocumentWorker } from '../../shared/memory/history.js';
import type { MemoryPoint, Replaced } from '../../shared/memory/points.js';
import { createPointRing, type PointRing } from './point-ring.js';

/** What is known of a process when it is noted; times are monotonic milliseconds. */
export interface NotedProcess extends Omit<MemoryPoint, 't'> {
  readonly worker: number;
  readonly pid: number;
  readonly spawnedAt: number;
  readonly heapLimit: number | null;
}

/** The memory of each worker's process over the last hour. */
export interface MemoryBook {
  /**
   * Takes in what was measured; nothing where the last time was less than five seconds ago. Workers
   * that have no process are left out of `processes`, and keep what their last one had.
   * @param processes Is asked for when it is time only.
   */
  note(now: number, processes: () => readonly NotedProcess[]): void;
  /** Everything that is known, for `GET /memory`; `wallMs` turns times into those since 1970. */
  workers(now: number, wallMs: (monotonic: number) => number): readonly MemoryDocumentWorker[];
  /** Seconds since the first point, an hour at most. */
  heldS(now: number): number;
}

/** Between two points of a process. */
const EVERY_MS = 5000;
/** Timers fall early as well as late: a look each second must not become one each six. */
const GRAIN_MS = 500;
const KEPT_MS = 3_600_000;
/** Over all workers a document is a few megabytes: those of many workers are thinned out. */
const POINTS_SERVED = 60_000;
const LEAST_SERVED = 120;

interface Kept {
  pid: number;
  spawnedAt: number;
  heapLimit: number | null;
  /** Its time is monotonic. */
  replaced: Replaced | null;
  ring: PointRing;
  seenAt: number;
  rss: number;
}

/** Begins without any point: a new master knows nothing of what the one before it saw. */
export function createMemoryBook(): MemoryBook {
  const kept = new Map<number, Kept>();
  let firstAt: number | null = null;
  let notedAt = -Infinity;
  return {
    note(now, processes) {
      if (now - notedAt < EVERY_MS - GRAIN_MS) return;
      notedAt = now;
      firstAt ??= now;
      for (const process of processes()) take(kept, now, process);
    },
    workers(now, wallMs) {
      const most = Math.max(LEAST_SERVED, Math.floor(POINTS_SERVED / Math.max(1, kept.size)));
      return [...kept].map(([id, worker]) => served(id, worker, { now, wallMs, most }));
    },
    heldS: (now) => (firstAt === null ? 0 : Math.min(KEPT_MS, now - firstAt) / 1000),
  };
}

/** A new process under an id begins a series of its own, which knows what it came after. */
function take(kept: Map<number, Kept>, now: number, process: NotedProcess): void {
  const before = kept.get(process.worker);
  const isSame = before?.pid === process.pid && before.spawnedAt === process.spawnedAt;
  const { pid, spawnedAt, heapLimit, rss } = process;
  const worker: Kept = isSame
    ? before
    : {
        ...{ pid, spawnedAt, heapLimit, rss, seenAt: now, ring: createPointRing() },
        replaced:
          before === undefined ? null : { pid: before.pid, rss: before.rss, at: before.seenAt },
      };
  worker.heapLimit = heapLimit ?? worker.heapLimit;
  worker.seenAt = now;
  worker.rss = rss;
  worker.ring.add({ ...process, t: now });
  kept.set(process.worker, worker);
}

interface Serving {
  readonly now: number;
  readonly wallMs: (monotonic: number) => number;
  readonly most: number;
}

function served(id: number, worker: Kept, { now, wallMs, most }: Serving): MemoryDocumentWorker {
  const { pid, heapLimit, replaced } = worker;
  const seconds = (monotonic: number): number => Math.round(wallMs(monotonic) / 100) / 10;
  const points = thinned(worker.ring.since(now - KEPT_MS), most);
  return {
    ...{ id, pid, since: seconds(worker.spawnedAt), heap_limit: heapLimit },
    replaced: replaced === null ? null : { ...replaced, at: seconds(replaced.at) },
    t: points.map(({ t }) => seconds(t)),
    rss: points.map(({ rss }) => rss),
    pss: points.map(({ pss }) => pss),
    uss: points.map(({ uss }) => uss),
    heap: points.map(({ heap }) => heap),
    external: points.map(({ external }) => external),
    requests: points.map(({ requests }) => requests),
  };
}

/** Every so many-th point, the newest among them. */
function thinned(points: readonly MemoryPoint[], most: number): readonly MemoryPoint[] {
  const step = Math.ceil(points.length / most);
  return step <= 1 ? points : points.filter((_, index) => (points.length - 1 - index) % step === 0);
}
