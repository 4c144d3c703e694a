import { closeSync, constants, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { decodeSample, type Sample } from '../wire/sample-frames.js';
import { allocateMemory, FIELD, MAX_CORES, TALLY_BYTES } from '../worker/memory.js';
import { takeSample } from '../worker/sample.js';

/** Where processes keep what they count, so that it outlives them (worker/tally.ts). */
export interface Tallies {
  /** Of the file, to be inherited; null without one. */
  readonly fd: number | null;
  /** An empty page for a process to be started; its place in the file. */
  take(): number;
  /** Gives back the page of a process that is gone; what it counted, null when it says nothing. */
  close(offset: number): Sample | null;
}

const PAGE = 4096;
const EMPTY = Buffer.alloc(PAGE);

/** Without a file: what a process did not tell in time is lost. */
const NONE: Tallies = { fd: null, take: () => 0, close: () => null };

/**
 * Memory that survives its writers: a file without a name in `folder`, which is in memory on Linux.
 * It is gone with the last process that has it open. Where there is no such folder, or it may not
 * be written, all goes on without.
 */
export function openTallies(folder = '/dev/shm'): Tallies {
  const fd = openNameless(folder);
  if (fd === null) return NONE;
  const free: number[] = [];
  let pages = 0;
  return {
    fd,
    take() {
      const offset = free.pop() ?? PAGE * pages++;
      attempt(() => writeSync(fd, EMPTY, 0, PAGE, offset));
      return offset;
    },
    close(offset) {
      free.push(offset);
      const page = Buffer.alloc(PAGE);
      const read = attempt(() => readSync(fd, page, 0, PAGE, offset));
      return read === PAGE ? readTally(page) : null;
    },
  };
}

function openNameless(folder: string): number | null {
  const name = path.join(folder, `tsuwsgi-${randomUUID()}`);
  const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const fd = attempt(() => openSync(name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600));
  if (fd === null) return null;
  try {
    unlinkSync(name);
    return fd;
  } catch {
    closeSync(fd);
    return null;
  }
}

function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}

/** Reads a page as the memory that it is a copy of; null when it cannot be one. */
export function readTally(page: Buffer): Sample | null {
  const memory = allocateMemory(MAX_CORES);
  Buffer.from(memory.buffer).set(page.subarray(0, TALLY_BYTES));
  const { fields } = memory;
  const cores = fields[FIELD.cores] ?? 0;
  if (!Number.isInteger(cores) || cores < 1 || cores > MAX_CORES) return null;
  // Of the dead nobody wants to know how long they have been silent.
  const clock = { now: () => fields[FIELD.heartbeat] ?? 0, origin: 0 };
  return decodeSample({ ...takeSample(memory, clock) });
}
