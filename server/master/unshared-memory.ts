import { closeSync, openSync, read } from 'node:fs';

/** What a process takes of the machine's memory, in bytes. */
export interface OwnMemory {
  /** Unique set size: what is shared with nobody, and comes back when the process ends. */
  readonly uss: number;
  /** Proportional set size: each shared page counts as its share, so that sums are true. */
  readonly pss: number;
  /** Resident pages that other processes have mapped too. */
  readonly shared: number;
  /** What was swapped out. */
  readonly swap: number;
}

/** Reads the text of /proc/PID/smaps_rollup; null when it is not such a file's. */
export function parseRollup(rollup: string): OwnMemory | null {
  const pss = bytesOf(rollup, 'Pss');
  const swap = bytesOf(rollup, 'Swap');
  const uss = sumOf(rollup, 'Private');
  const shared = sumOf(rollup, 'Shared');
  if (pss === null || swap === null || uss === null || shared === null) return null;
  return { uss, pss, shared, swap };
}

function bytesOf(rollup: string, name: string): number | null {
  const kilobytes = new RegExp(`^${name}: +(\\d{1,12}) kB$`, 'm').exec(rollup)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/** Clean, dirty and huge pages together; null when there is no such line. */
function sumOf(rollup: string, kind: 'Private' | 'Shared'): number | null {
  const lines = [...rollup.matchAll(new RegExp(`^${kind}_\\w{1,20}: +(\\d{1,12}) kB$`, 'gm'))];
  if (lines.length === 0) return null;
  return lines.reduce((sum, [, kilobytes]) => sum + Number(kilobytes) * 1024, 0);
}

/** Larger than the file is on any kernel: two dozen lines. */
const MOST_BYTES = 4096;

/**
 * The same of a process; null when it is gone, or may not be looked at. Opening the file takes
 * microseconds, reading it is the walk over all pages: it is done in a thread of the pool, in one
 * piece, so that the walk over a very large process does not hold the master up.
 */
export function readOwnMemory(pid: number): Promise<OwnMemory | null> {
  return new Promise((resolve) => {
    const fd = openRollup(pid);
    if (fd === null) {
      resolve(null);
      return;
    }
    const buffer = Buffer.alloc(MOST_BYTES);
    read(fd, buffer, 0, MOST_BYTES, 0, (error, length) => {
      closeSync(fd);
      resolve(error === null ? parseRollup(buffer.toString('latin1', 0, length)) : null);
    });
  });
}

function openRollup(pid: number): number | null {
  try {
    return openSync(`/proc/${pid}/smaps_rollup`, 'r');
  } catch {
    return null;
  }
}
