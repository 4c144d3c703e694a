import { writeSync } from 'node:fs';
import { FIELD, type Memory, tallyBytes } from './memory.js';

/** Where a worker writes its tally: a place in a file of the master, inherited as a descriptor. */
export interface TallyPlace {
  readonly fd: number;
  /** Where its page begins. */
  readonly offset: number;
}

/** What a worker has counted, kept where it outlives the process. */
export interface Tally {
  /** To be called at each beat of the loop: after a rest it is what finds that there is work again. */
  beat(): void;
  stop(): void;
}

/** The application may replace what `fs` exports (a file system for its tests). */
const write = writeSync;

/** Milliseconds between two looks while there is work. */
const LOOK_MS = 5;
/** So many looks without anything new, a second, and the beat of the loop takes their place. */
const RESTING_LOOKS = 200;

/** Of all that is counted one of these changes with every request that begins or ends. */
const TOLD = [FIELD.requests, FIELD.inFlight, FIELD.queued, FIELD.upgraded, FIELD.tx] as const;

const NO_TALLY: Tally = { beat: () => undefined, stop: () => undefined };

/**
 * Keeps what the main thread has counted in memory that the master has too, by a file of /dev/shm
 * that has no name. Samples come every 100 ms, and who is killed without a word would take with it
 * what it counted since; uWSGI's workers count in memory that they share, and Node has none between
 * processes.
 *
 * A request that takes as long as the distance of two looks is in one of them, as in flight or as
 * answered, so that the master knows of it whenever the process is killed. It is looked from outside,
 * so that no request does anything for it; one write takes two microseconds.
 */
export function createTally(memory: Memory, place: TallyPlace | null): Tally {
  if (place === null) return NO_TALLY;
  const { fields } = memory;
  const bytes = Buffer.from(memory.buffer);
  const known = new Float64Array(fields.length);
  let timer: NodeJS.Timeout | undefined;
  let looks = 0;
  const isNew = (): boolean => TOLD.some((field) => fields[field] !== known[field]);
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const look = (): void => {
    looks++;
    if (isNew()) put();
    if (looks < RESTING_LOOKS) follow();
    else timer = undefined;
  };
  const put = (): void => {
    looks = 0;
    known.set(fields);
    try {
      write(place.fd, bytes, 0, tallyBytes(memory), place.offset);
    } catch {
      // The memory of /dev/shm is full: samples go on, and the next change is tried again.
    }
  };
  const follow = (): void => {
    timer = setTimeout(look, LOOK_MS);
    timer.unref();
  };
  follow();
  return {
    beat() {
      if (timer !== undefined || !isNew()) return;
      put();
      follow();
    },
    stop,
  };
}
