import type { MemoryCommand } from '../../shared/commands.js';
import type { DecodedWorker } from '../../shared/stats.js';

/** What acting on a worker's memory costs; null where its heap is not known. */
export interface MemoryCost {
  /** Bytes of the JavaScript heap in use. */
  readonly heap: number | null;
  /** About how long the worker is blocked. */
  readonly blockedS: number | null;
  /** What has to be free for it, in bytes. */
  readonly memory: number | null;
}

/** Seconds for each gigabyte of heap, as measured with small objects on busy cores. */
const SECONDS_A_GIGABYTE: Readonly<Record<MemoryCommand['name'], number>> = {
  gc: 3,
  'heap-snapshot': 100,
  'heap-profile': 0,
  'compare-snapshots': 0,
};

/** The server refuses a snapshot without twice the heap of free memory. */
const SNAPSHOT_FACTOR = 2;

/** Worked out from the newest figures of the worker. */
export function memoryCost(
  { heap_used: used, heap_total: total }: DecodedWorker,
  { name }: MemoryCommand,
): MemoryCost {
  const heap = used === undefined || used === 0 ? null : used;
  const memory = total === undefined || total === 0 ? null : SNAPSHOT_FACTOR * total;
  const blockedS = heap === null ? null : (heap / 2 ** 30) * SECONDS_A_GIGABYTE[name];
  return { heap, blockedS, memory };
}
