/** What is known of the memory of one process over time, whoever collected it. */

/** One look at a process. */
export interface MemoryPoint {
  /** Seconds, on a scale that all points of a report share. */
  readonly t: number;
  /** Bytes, as are all that follow; null is not known. */
  readonly rss: number;
  readonly pss: number | null;
  readonly uss: number | null;
  /** Of the JavaScript heap, in use. */
  readonly heap: number | null;
  /** Outside the heap and owned by its objects: buffers, mostly. */
  readonly external: number | null;
  /** Requests that ended in this process. */
  readonly requests: number | null;
}

/** What the process had that ran under the same worker id before. */
export interface Replaced {
  readonly pid: number;
  /** Its last resident size. */
  readonly rss: number;
  /** When it was seen last, on the scale of the points. */
  readonly at: number;
}

/** The points of one process. */
export interface MemorySeries {
  readonly worker: number;
  readonly pid: number;
  /** When the process began, on the scale of the points; null where nobody tells. */
  readonly since: number | null;
  /** Bytes that V8 may take for the heap; null where there is none or nobody tells. */
  readonly heapLimit: number | null;
  readonly replaced: Replaced | null;
  /** Oldest first. */
  readonly points: readonly MemoryPoint[];
}

/** What ends a process, or all of them, for its memory, in bytes; null is none, or not known. */
export interface MemoryLimits {
  /** `--reload-on-rss`, or `--evil-reload-on-rss` where that is less: of one worker. */
  readonly reloadOnRss: number | null;
  /** `--reload-on-uss`, `--reload-on-pss` and `--reload-on-heap`, of one worker too. */
  readonly reloadOnUss: number | null;
  readonly reloadOnPss: number | null;
  readonly reloadOnHeap: number | null;
  /** `--memory-budget`: of all workers together, by their PSS. */
  readonly budget: number | null;
  /** Of the whole control group. */
  readonly cgroup: number | null;
  /** What the control group had of it when it was looked at. */
  readonly cgroupUsed: number | null;
}

export const NO_LIMITS: MemoryLimits = {
  reloadOnRss: null,
  reloadOnUss: null,
  reloadOnPss: null,
  reloadOnHeap: null,
  budget: null,
  cgroup: null,
  cgroupUsed: null,
};
