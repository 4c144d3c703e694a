import type {
  CgroupMemory,
  DecodedMaster,
  GcStats,
  HeapSpace,
  InstanceMemory,
  MasterStats,
  MemoryPressure,
  OptionLimits,
  WorkerMemory,
} from './stats.js';
import { amount, listOf, objectOf, orNull, partOf, text } from './read-document.js';
import type { Reader, Readers } from './read-document.js';

/** Readers for what the stats document says of memory, see stats-readers.ts. */

const known = orNull(amount);

const heapSpace: Reader<HeapSpace> = objectOf<HeapSpace>({
  name: text(64),
  used: amount,
  size: amount,
});

const gc: Reader<GcStats> = objectOf<GcStats>({
  minor_count: amount,
  minor_ms: amount,
  major_count: amount,
  major_ms: amount,
  incremental_count: amount,
  incremental_ms: amount,
  weak_count: amount,
  weak_ms: amount,
});

/** Of a worker. */
export const WORKER_MEMORY_READERS: Readers<WorkerMemory> = {
  shared: known,
  swap: known,
  external: known,
  array_buffers: known,
  malloced: known,
  native_contexts: known,
  detached_contexts: known,
  handles: known,
  active_requests: known,
  heap_spaces: listOf(heapSpace, 32),
  gc: orNull(gc),
  inside_age_ms: known,
};

const masterPart = partOf<MasterStats>({
  rss: amount,
  vsz: amount,
  cpu: known,
  uss: known,
  pss: known,
  shared: known,
  swap: known,
});

/** The master process; versions before this one tell of its `rss`, `vsz` and `cpu` only. */
export const masterReader: Reader<DecodedMaster> = (value, path, notes) => {
  const master = masterPart(value, path, notes);
  const { rss, vsz, cpu } = master ?? {};
  if (rss !== undefined && vsz !== undefined && cpu !== undefined) return master as DecodedMaster;
  notes.damaged = true;
  return undefined;
};

const cgroup: Reader<CgroupMemory> = objectOf<CgroupMemory>({
  limit: known,
  usage: known,
  swap: known,
});

const pressure: Reader<MemoryPressure> = objectOf<MemoryPressure>({
  some_avg10: amount,
  some_avg60: amount,
  full_avg10: amount,
  full_avg60: amount,
});

/** The memory of the instance. */
export const memoryReader: Reader<InstanceMemory> = objectOf<InstanceMemory>({
  pool_pss: known,
  cgroup: orNull(cgroup),
  pressure: orNull(pressure),
});

/** What options set for it. */
export const limitsReader: Reader<OptionLimits> = objectOf<OptionLimits>({
  reload_on_rss: known,
  reload_on_uss: known,
  reload_on_pss: known,
  reload_on_heap: known,
  memory_budget: known,
});
