/** What the stats document says of memory beyond uWSGI's `rss` and `vsz`. */

/** A space of the JavaScript heap. */
export interface HeapSpace {
  /** V8's name for it, such as `old_space`. */
  name: string;
  /** Bytes in use, and bytes taken. */
  used: number;
  size: number;
}

/** Garbage collections since the process started, and the milliseconds that they took. */
export interface GcStats {
  /** Of the young generation. */
  minor_count: number;
  minor_ms: number;
  /** Of the whole heap. */
  major_count: number;
  major_ms: number;
  /** Steps that prepare for one of the whole heap. */
  incremental_count: number;
  incremental_ms: number;
  /** Calls of what waits for an object to be collected. */
  weak_count: number;
  weak_ms: number;
}

/** Of one process, from outside: what it shares and what was swapped out. */
export interface SharedMemory {
  /** Bytes of resident memory that other processes have mapped too; null while not measured. */
  shared: number | null;
  /** Bytes that were swapped out; null while not measured. */
  swap: number | null;
}

/** Of a worker; what only its process knows is null before its main thread has looked once. */
export interface WorkerMemory extends SharedMemory {
  /** Bytes outside the JavaScript heap that its objects hold, `array_buffers` included. */
  external: number | null;
  /** Bytes of ArrayBuffers, and of all Buffers. */
  array_buffers: number | null;
  /** Bytes that V8 itself has allocated. */
  malloced: number | null;
  /** Global objects that live; one that grows is a leak of contexts. */
  native_contexts: number | null;
  /** Of these the ones that were given up and not collected yet. */
  detached_contexts: number | null;
  /** Open handles of the event loop, such as sockets; null where Node does not tell. */
  handles: number | null;
  /** What was asked of the system and not answered yet; null where Node does not tell. */
  active_requests: number | null;
  /** The spaces of the heap that have memory; empty before the first look. */
  heap_spaces: HeapSpace[];
  gc: GcStats | null;
  /** How old the figures from inside are, milliseconds; they stay while the loop is blocked. */
  inside_age_ms: number | null;
}

/** The master process. */
export interface MasterStats extends SharedMemory {
  rss: number;
  vsz: number;
  cpu: number | null;
  /** As of a worker. */
  uss: number | null;
  pss: number | null;
}

/** What the control group of the master, with all groups around it, allows and takes. */
export interface CgroupMemory {
  /** Bytes: the tightest limit of the group and those around it; null without one. */
  limit: number | null;
  /** Bytes in the group that has this limit, or in the master's own; null where nobody tells. */
  usage: number | null;
  /** Bytes that this group has swapped out; null where nobody tells. */
  swap: number | null;
}

/** Percent of the time in which tasks of the group waited for memory: some of them, or all. */
export interface MemoryPressure {
  some_avg10: number;
  some_avg60: number;
  full_avg10: number;
  full_avg60: number;
}

/** Of the instance. */
export interface InstanceMemory {
  /** Bytes: the proportional set sizes of the master and all workers; null while one is unknown. */
  pool_pss: number | null;
  /** Null where there are no control groups of version 2. */
  cgroup: CgroupMemory | null;
  pressure: MemoryPressure | null;
}

/** What options set for the memory of workers, in bytes; null where they set nothing. */
export interface OptionLimits {
  /** Or `--evil-reload-on-rss`, where that is less. */
  reload_on_rss: number | null;
  reload_on_uss: number | null;
  reload_on_pss: number | null;
  reload_on_heap: number | null;
  /** Of all workers together, by their PSS. */
  memory_budget: number | null;
}
