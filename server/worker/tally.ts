import { writeSync } from 'node:fs';
import { setImmediate } from 'node:timers';
import { type Memory, tallyBytes } from './memory.js';

/** Where a worker writes its tally: a place in a file of the master, inherited as a descriptor. */
export interface TallyPlace {
  readonly fd: number;
  /** Where its page begins. */
  readonly offset: number;
}

/** The application may replace what `fs` exports (a file system for its tests). */
const write = writeSync;

/**
 * Keeps what the main thread has counted where it outlives this process: in memory that the master
 * has too, by a file of /dev/shm that has no name. Samples come every 100 ms, and who is killed
 * without a word would take with it what it counted since; uWSGI's workers count in memory that
 * they share, and Node has none between processes.
 *
 * To be called at every change; written once a turn of the loop, so that a busy worker, which
 * serves many requests in a turn, hardly notices (docs/benchmarks.md). What a process answered in
 * the very turn in which it was killed is all that is missing then.
 */
export function createTally(memory: Memory, place: TallyPlace | null): () => void {
  if (place === null) return () => undefined;
  const { fd, offset } = place;
  const bytes = Buffer.from(memory.buffer);
  let isDue = false;
  const put = (): void => {
    try {
      write(fd, bytes, 0, tallyBytes(memory), offset);
      isDue = false;
    } catch {
      // The memory of /dev/shm is full: it stays due, so that it is not tried again. Samples go on.
    }
  };
  return () => {
    if (isDue) return;
    isDue = true;
    setImmediate(put);
  };
}
