import type { MemoryLimits, MemoryPoint, MemorySeries } from './points.js';
import { type Limit, type LimitName, reachOf, type Reach } from './reach.js';
import type { Slope } from './theil-sen.js';
import { type Growth, growthOf, type Verdict, VERDICTS } from './verdict.js';

/** How the memory of one worker's process goes; sizes are bytes, times seconds. */
export interface WorkerMemory extends Growth {
  readonly id: number;
  readonly pid: number;
  /** Null where nobody tells when it was spawned. */
  readonly age: number | null;
  /** How long it was looked at, within the window. */
  readonly seen: number;
  /** The newest look; null without any. */
  readonly now: MemoryPoint | null;
  /** RSS without heap and external; null while one of them is not known. */
  readonly native: number | null;
  readonly reaches: Reach | null;
  readonly peers: Peers | null;
  readonly returned: Returned | null;
  /** What was looked at, for charts. */
  readonly points: readonly MemoryPoint[];
}

/** Workers of about the same age, and how many bytes more than their median this one has. */
export interface Peers {
  readonly workers: number;
  readonly more: number;
}

/** What the recycling of the process before gave back. */
export interface Returned {
  readonly pid: number;
  /** Less than zero where the new process is the larger one. */
  readonly bytes: number;
  readonly at: number;
}

/** All workers together. */
export interface PoolMemory {
  /** The worst of the workers' verdicts. */
  readonly verdict: Verdict;
  readonly rss: number | null;
  readonly slope: Slope | null;
  readonly reaches: Reach | null;
  readonly returned: number;
}

export interface MemoryReport {
  readonly windowS: number;
  readonly workers: readonly WorkerMemory[];
  readonly pool: PoolMemory;
}

/** Judges every worker over the last `windowS` seconds before `time`, on the scale of the points. */
export function reportOf(
  series: readonly MemorySeries[],
  limits: MemoryLimits,
  { windowS, time }: { readonly windowS: number; readonly time: number },
): MemoryReport {
  const alone = [...series]
    .sort((a, b) => a.worker - b.worker)
    .map((one) => workerOf(one, limits, { windowS, time }));
  const workers = alone.map((worker) => ({ ...worker, peers: peersOf(worker, alone) }));
  return { windowS, workers, pool: poolOf(workers, limits) };
}

function workerOf(
  { worker, pid, since, heapLimit, replaced, points: all }: MemorySeries,
  limits: MemoryLimits,
  { windowS, time }: { readonly windowS: number; readonly time: number },
): Omit<WorkerMemory, 'peers'> {
  const points = all.filter(({ t }) => t >= time - windowS && t <= time);
  const now = points.at(-1) ?? null;
  const growth = growthOf(points, windowS);
  const grows = growth.verdict === 'suspect' || growth.verdict === 'leak';
  return {
    ...growth,
    ...{ id: worker, pid, now, points },
    age: since === null ? null : Math.max(0, time - since),
    seen: now === null ? 0 : now.t - (points[0]?.t ?? now.t),
    native: now === null ? null : nativeOf(now),
    reaches: grows && now !== null ? reachOf(limitsOf(now, growth, heapLimit, limits)) : null,
    returned: replaced === null ? null : returnedBy(replaced, all, since),
  };
}

function nativeOf({ rss, heap, external }: MemoryPoint): number | null {
  return heap === null || external === null ? null : Math.max(0, rss - heap - external);
}

/** What a limit is held against. */
type Measure = 'rss' | 'uss' | 'pss' | 'heap';

/** The limits of one process, each with what it is held against and how that grows. */
export function limitsOf(
  now: Pick<MemoryPoint, Measure>,
  growth: Partial<Pick<Growth, Measure>>,
  heapLimit: number | null,
  limits: MemoryLimits,
): readonly Limit[] {
  const of = (name: LimitName, what: Measure, bytes: number | null): Limit => ({
    ...{ name, bytes, now: now[what], slope: growth[what]?.slope ?? null },
  });
  return [
    of('reload-on-rss', 'rss', limits.reloadOnRss),
    of('reload-on-uss', 'uss', limits.reloadOnUss),
    of('reload-on-pss', 'pss', limits.reloadOnPss),
    of('reload-on-heap', 'heap', limits.reloadOnHeap),
    of('heap limit', 'heap', heapLimit),
  ];
}

/** A new process is compared when its application is loaded, which this many seconds are given for. */
const LOADED_S = 30;

function returnedBy(
  { pid, rss, at }: NonNullable<MemorySeries['replaced']>,
  points: readonly MemoryPoint[],
  since: number | null,
): Returned | null {
  const loaded = points.find(({ t }) => t >= (since ?? at) + LOADED_S) ?? points.at(-1);
  return loaded === undefined ? null : { pid, bytes: rss - loaded.rss, at };
}

/** Ages that differ by less than these are about the same. */
const SAME_AGE_S = 60;
const SAME_AGE_SHARE = 0.2;

function peersOf(
  worker: Omit<WorkerMemory, 'peers'>,
  all: readonly Omit<WorkerMemory, 'peers'>[],
): Peers | null {
  const { age, now } = worker;
  if (age === null || now === null) return null;
  const near = Math.max(SAME_AGE_S, SAME_AGE_SHARE * age);
  const sizes = all.flatMap((other) =>
    other !== worker && other.age !== null && Math.abs(other.age - age) <= near
      ? (other.now?.rss ?? [])
      : [],
  );
  return sizes.length === 0 ? null : { workers: sizes.length, more: now.rss - median(sizes) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(half)] ?? 0) + (sorted[Math.ceil(half)] ?? 0)) / 2;
}

function poolOf(workers: readonly WorkerMemory[], limits: MemoryLimits): PoolMemory {
  const sizes = workers.flatMap(({ now }) => now?.rss ?? []);
  const slope = sumOf(workers.map(({ rss }) => rss));
  const grows = workers.some(({ verdict }) => verdict === 'suspect' || verdict === 'leak');
  return {
    verdict:
      VERDICTS[Math.max(0, ...workers.map(({ verdict }) => VERDICTS.indexOf(verdict)))] ?? 'none',
    rss: sizes.length === 0 ? null : sizes.reduce((sum, size) => sum + size, 0),
    slope,
    reaches: grows ? reachOf([cgroupLimit(limits, slope), budgetLimit(workers, limits)]) : null,
    returned: workers.reduce((sum, { returned }) => sum + (returned?.bytes ?? 0), 0),
  };
}

function cgroupLimit({ cgroup: bytes, cgroupUsed: now }: MemoryLimits, slope: Slope | null): Limit {
  return { name: 'cgroup', bytes, now, slope: slope?.slope ?? null };
}

/**
 * The budget is held against what the master counts: PSS, or RSS where the kernel does not tell that.
 * While only some have had their turn, nobody knows how much of it is taken.
 */
function budgetLimit(workers: readonly WorkerMemory[], { budget: bytes }: MemoryLimits): Limit {
  const living = workers.flatMap(({ now, rss, pss }) => (now === null ? [] : [{ now, rss, pss }]));
  const what = living.some(({ now }) => now.pss !== null) ? 'pss' : 'rss';
  const now = living.reduce<number | null>((sum, { now: point }) => {
    const size = point[what];
    return sum === null || size === null ? null : sum + size;
  }, 0);
  const slope = sumOf(living.map((worker) => worker[what]));
  return { name: 'memory-budget', bytes, now, slope: slope?.slope ?? null };
}

/** Errors of workers are their own, so that their squares add up; null while none is known. */
function sumOf(slopes: readonly (Slope | null)[]): Slope | null {
  const known = slopes.filter((slope) => slope !== null);
  if (known.length === 0) return null;
  const sum = known.reduce((total, { slope }) => total + slope, 0);
  const error = (of: (slope: Slope) => number): number =>
    Math.sqrt(known.reduce((total, slope) => total + of(slope) ** 2, 0));
  const [below, above] = [
    error(({ slope, low }) => slope - low),
    error(({ slope, high }) => high - slope),
  ];
  return { slope: sum, low: sum - below, high: sum + above };
}
