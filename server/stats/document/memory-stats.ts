import type {
  GcStats,
  InstanceMemory,
  MasterStats,
  SharedMemory,
  WorkerMemory,
} from '../../../shared/stats.js';
import type { Inside } from '../../wire/inside-frames.js';
import type { Sources } from './sources.js';

/** What a worker says of its inside, as the document has it. */
export type InsideStats = Omit<WorkerMemory, keyof SharedMemory>;

const UNKNOWN: InsideStats = {
  external: null,
  array_buffers: null,
  malloced: null,
  native_contexts: null,
  detached_contexts: null,
  handles: null,
  active_requests: null,
  heap_spaces: [],
  gc: null,
  inside_age_ms: null,
};

/** What is known of the inside of a process; `now` is of the clock that processes share. */
export function insideStats(inside: Inside | null, now: number): InsideStats {
  if (inside === null) return UNKNOWN;
  return {
    external: inside.external,
    array_buffers: inside.arrayBuffers,
    malloced: inside.malloced,
    native_contexts: inside.nativeContexts,
    detached_contexts: inside.detachedContexts,
    handles: inside.handles,
    active_requests: inside.activeRequests,
    heap_spaces: inside.spaces.map(([name, used, size]) => ({ name, used, size })),
    gc: gcStats(inside.gc),
    inside_age_ms: Math.max(0, Math.round(now - inside.lookedAt)),
  };
}

/** In the order of `GC_FIELDS`, of which a frame has every one. */
function gcStats(gc: readonly number[]): GcStats {
  const of = (place: number): number => gc[place] ?? 0;
  return {
    minor_count: of(0),
    minor_ms: of(1),
    major_count: of(2),
    major_ms: of(3),
    incremental_count: of(4),
    incremental_ms: of(5),
    weak_count: of(6),
    weak_ms: of(7),
  };
}

/** The master process. */
export function masterStats({ identity, measured }: Sources): MasterStats {
  const own = measured(identity.pid);
  if (own === undefined) {
    return { rss: 0, vsz: 0, cpu: null, uss: null, pss: null, shared: null, swap: null };
  }
  const { rss, vsz, cpu, uss, pss, shared, swap } = own;
  return { rss, vsz, cpu, uss, pss, shared, swap };
}

/** The master and all processes of all workers, routers and spoolers, those that drain included, and their surroundings. */
export function memoryStats({ identity, state, measured, surroundings }: Sources): InstanceMemory {
  const workers = [...state.slots, ...state.routers, ...state.spoolers].flatMap(({ processes }) =>
    [...processes].map(({ pid }) => pid),
  );
  const sizes = [identity.pid, ...workers].map((pid) => measured(pid)?.pss ?? null);
  return { pool_pss: sumOf(sizes), ...surroundings };
}

/** Null while one is not known. */
function sumOf(sizes: readonly (number | null)[]): number | null {
  return sizes.reduce((sum, size) => (sum === null || size === null ? null : sum + size), 0);
}
