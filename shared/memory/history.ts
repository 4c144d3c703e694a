import { integerIn, isFields, numberIn, textUpTo, type Fields } from '../fields.js';
import type { OptionLimits } from '../memory-stats.js';
import { err, ok, type Result } from '../result.js';
import type { MemoryLimits, MemoryPoint, MemorySeries, Replaced } from './points.js';

/**
 * What `GET /memory` of a tsuwsgi serves. The points of a worker stand in columns, the first of each
 * list belongs to the first of the others. Times are seconds since 1970, sizes bytes.
 */
export interface MemoryDocument {
  /** Always `tsuwsgi`. */
  readonly server: string;
  readonly boot_id: string;
  /** When it was made. */
  readonly time: number;
  /** Seconds for which points have been kept: how far back they can reach. */
  readonly held_s: number;
  readonly limits: OptionLimits & {
    readonly cgroup: number | null;
    readonly cgroup_used: number | null;
  };
  readonly workers: readonly MemoryDocumentWorker[];
}

export interface MemoryDocumentWorker {
  readonly id: number;
  readonly pid: number;
  /** When the process was spawned. */
  readonly since: number;
  /** Null while it is not known. */
  readonly heap_limit: number | null;
  /** The process that it came after, as it was seen last. */
  readonly replaced: Replaced | null;
  readonly t: readonly number[];
  readonly rss: readonly number[];
  readonly pss: readonly (number | null)[];
  readonly uss: readonly (number | null)[];
  readonly heap: readonly (number | null)[];
  readonly external: readonly (number | null)[];
  readonly requests: readonly (number | null)[];
}

/** A history as read. */
export interface MemoryHistory {
  readonly bootId: string;
  readonly time: number;
  readonly heldS: number;
  readonly limits: MemoryLimits;
  readonly workers: readonly MemorySeries[];
}

/** More than any master serves. */
const MOST_WORKERS = 10_000;
const MOST_POINTS = 10_000;
const MOST = Number.MAX_SAFE_INTEGER;

/** Reads a history of unknown origin; the error is the end of a sentence. Never throws. */
export function readHistory(value: unknown): Result<MemoryHistory, string> {
  if (!isFields(value) || value['server'] !== 'tsuwsgi') return err('is no memory history');
  const time = numberIn(value['time'], 0, MOST);
  const heldS = numberIn(value['held_s'], 0, MOST);
  const bootId = textUpTo(value['boot_id'], 64);
  const { workers, limits } = value;
  if (time === undefined || heldS === undefined || bootId === undefined || !isFields(limits)) {
    return err('is a memory history without its time, its limits or its boot id');
  }
  if (!Array.isArray(workers) || workers.length > MOST_WORKERS) {
    return err('is a memory history without a list of workers');
  }
  const series = workers.map(readSeries);
  const wrong = series.indexOf(null);
  if (wrong >= 0) return err(`is a memory history whose workers[${wrong}] cannot be read`);
  return ok({
    ...{ bootId, time, heldS, limits: readLimits(limits) },
    workers: series.filter((one) => one !== null),
  });
}

function readLimits(limits: Fields): MemoryLimits {
  return {
    reloadOnRss: sizeOrNull(limits['reload_on_rss']),
    reloadOnUss: sizeOrNull(limits['reload_on_uss']),
    reloadOnPss: sizeOrNull(limits['reload_on_pss']),
    reloadOnHeap: sizeOrNull(limits['reload_on_heap']),
    budget: sizeOrNull(limits['memory_budget']),
    cgroup: sizeOrNull(limits['cgroup']),
    cgroupUsed: sizeOrNull(limits['cgroup_used']),
  };
}

function readSeries(value: unknown): MemorySeries | null {
  if (!isFields(value)) return null;
  const worker = integerIn(value['id'], 1, MOST);
  const pid = integerIn(value['pid'], 1, MOST);
  const points = readPoints(value);
  if (worker === undefined || pid === undefined || points === null) return null;
  return {
    ...{ worker, pid, points: inOrder(points) },
    since: sizeOrNull(value['since']),
    heapLimit: sizeOrNull(value['heap_limit']),
    replaced: readReplaced(value['replaced']),
  };
}

/** The columns as points; null when they do not fit together. */
function readPoints(value: Fields): MemoryPoint[] | null {
  // A master that keeps no USS has no such column.
  const told: Fields = { ...value, uss: value['uss'] ?? unknownFor(value['t']) };
  const columns = ['t', 'rss', 'pss', 'uss', 'heap', 'external', 'requests'].map((name) =>
    readColumn(told[name]),
  );
  const [t, rss, pss, uss, heap, external, requests] = columns;
  if (!t || !rss || !pss || !uss || !heap || !external || !requests) return null;
  if (columns.some((column) => column?.length !== t.length)) return null;
  return t.flatMap((at, index): MemoryPoint[] => {
    const size = rss[index] ?? null;
    if (at === null || size === null) return [];
    const of = (column: readonly (number | null)[]): number | null => column[index] ?? null;
    const parts = { heap: of(heap), external: of(external), requests: of(requests) };
    return [{ t: at, rss: size, pss: of(pss), uss: of(uss), ...parts }];
  });
}

/** Time does not run backwards, whatever a server says. */
function inOrder(points: MemoryPoint[]): readonly MemoryPoint[] {
  return points.sort((a, b) => a.t - b.t);
}

/** A column in which nothing is known, as long as another. */
function unknownFor(column: unknown): readonly null[] {
  return Array.isArray(column) ? column.map(() => null) : [];
}

function readColumn(value: unknown): (number | null)[] | null {
  if (!Array.isArray(value) || value.length > MOST_POINTS) return null;
  return value.map(sizeOrNull);
}

function readReplaced(value: unknown): Replaced | null {
  if (!isFields(value)) return null;
  const pid = integerIn(value['pid'], 1, MOST);
  const rss = numberIn(value['rss'], 0, MOST);
  const at = numberIn(value['at'], 0, MOST);
  return pid === undefined || rss === undefined || at === undefined ? null : { pid, rss, at };
}

function sizeOrNull(value: unknown): number | null {
  return numberIn(value, 0, MOST) ?? null;
}
