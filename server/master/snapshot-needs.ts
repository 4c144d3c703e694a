import { bytes } from '../../shared/units.js';
import { leastRoom, type MemoryRoom } from './memory-room.js';
import type { SnapshotDirectory } from './snapshot-directory.js';

/** What a heap snapshot takes, and why it is not begun where that is not there. */

/** The worker of which one is to be taken, and the bytes that its JavaScript heap takes. */
interface Subject {
  readonly worker: number;
  /** 0 when it is not known. */
  readonly heap: number;
}

/** V8 makes a graph of the heap that is about as large as the heap, and more for small objects. */
const MEMORY_FACTOR = 2;

/** Why there is too little memory for a snapshot; null when there is enough, or nobody tells. */
export function memoryShortage({ worker, heap }: Subject, room: MemoryRoom): string | null {
  const free = leastRoom(room);
  if (free === null || free >= MEMORY_FACTOR * heap) return null;
  const where = free === room.group ? "free under the control group's limit" : 'available';
  return (
    `a snapshot of worker ${worker} takes about ${bytes(MEMORY_FACTOR * heap)} of memory, ` +
    `twice its heap of ${bytes(heap)}, and ${bytes(free)} is ${where}: ` +
    'take one of a fresher worker, or after a gc'
  );
}

/** What is left on the disk for everybody else who writes there, the log above all. */
const RESERVE = 64 * 1024 * 1024;

/** Why a snapshot does not fit on the disk; null when it does, or nobody tells. */
export function diskShortage(
  { worker, heap }: Subject,
  directory: Pick<SnapshotDirectory, 'path' | 'free'>,
): string | null {
  const free = directory.free();
  if (free === null || free >= heap + RESERVE) return null;
  return (
    `a snapshot of worker ${worker} is about as large as its heap of ${bytes(heap)}, and ` +
    `${bytes(free)} is free in ${directory.path}, of which ${bytes(RESERVE)} is left for others: ` +
    'free some there, or name a folder on another disk in --snapshot-dir'
  );
}
