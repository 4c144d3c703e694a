import { writeSync } from 'node:fs';
import { setImmediate, setTimeout } from 'node:timers';
import { monotonicMs } from './clock.js';
import { type Memory, tallyBytes } from './memory.js';

/** Where a worker writes its tally: a place in a file of the master, inherited as a descriptor. */
export interface TallyPlace {
  readonly fd: number;
  /** Where its page begins. */
  readonly offset: number;
}

/** The application may replace what `fs` exports (a file system for its tests). */
const write = writeSync;

/** Milliseconds between two writes of a worker that is busy all the time. */
const PAUSE_MS = 2;

/**
 * Keeps what the main thread has counted where it outlives this process: in memory that the master
 * has too, by a file of /dev/shm that has no name. Samples come every 100 ms, and who is killed
 * without a word would take with it what it counted since; uWSGI's workers count in memory that
 * they share, and Node has none between processes.
 *
 * To be called at every change, with the time of a request's beginning or end, monotonic
 * milliseconds. It is written at the end of the turn of the loop, or when the last time is two
 * milliseconds ago: one write takes two microseconds, which many requests share on a busy worker.
 * What a process answered since is all that is missing when it is killed.
 */
export function createTally(memory: Memory, place: TallyPlace | null): (now?: number) => void {
  if (place === null) return () => undefined;
  const { fd, offset } = place;
  const bytes = Buffer.from(memory.buffer);
  let isDue = false;
  let writtenAt = -PAUSE_MS;
  const put = (): void => {
    try {
      write(fd, bytes, 0, tallyBytes(memory), offset);
      writtenAt = monotonicMs();
      isDue = false;
    } catch {
      // The memory of /dev/shm is full: it stays due, so that it is not tried again. Samples go on.
    }
  };
  return (now = -Infinity) => {
    if (isDue) return;
    isDue = true;
    if (now - writtenAt >= PAUSE_MS) setImmediate(put);
    else setTimeout(put, PAUSE_MS).unref();
  };
}
