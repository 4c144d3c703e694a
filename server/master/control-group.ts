import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CgroupMemory, InstanceMemory, MemoryPressure } from '../../shared/stats.js';

/**
 * What the control group of this process (version 2, cgroups(7)) allows it of memory, takes, and
 * suffers. Nobody vouches for these files: a container's runtime may show anything in their place.
 */

/** Folders of a path that are looked at: no runtime nests deeper. */
const MOST_LEVELS = 32;

/** The line of /proc/self/cgroup on the one hierarchy of version 2, and on that of memory in version 1. */
const LINES = { 2: /^0::(\/.*)$/m, 1: /^\d+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(\/.*)$/m } as const;

/** The path of the group in the text of /proc/self/cgroup; null when it is none that can be seen. */
export function parseGroupPath(text: string, version: keyof typeof LINES = 2): string | null {
  const group = LINES[version].exec(text)?.[1];
  if (group === undefined || group.length > 4096 || group.includes('\0')) return null;
  // A group outside the namespace of this process has no folder here.
  return group.split('/').includes('..') ? null : group;
}

/** The bytes that a file such as memory.max tells of; `max` is none. Null when it is no number. */
export function parseBytes(text: string): number | null {
  return /^\d{1,20}\n?$/.test(text) ? Number(text) : null;
}

/** Reads the text of memory.pressure; null when it is none. */
export function parsePressure(text: string): MemoryPressure | null {
  const some = averagesOf(text, 'some');
  const full = averagesOf(text, 'full');
  if (some === null || full === null) return null;
  return {
    some_avg10: some.avg10,
    some_avg60: some.avg60,
    full_avg10: full.avg10,
    full_avg60: full.avg60,
  };
}

function averagesOf(text: string, who: string): { avg10: number; avg60: number } | null {
  const line = new RegExp(
    `^${who} avg10=(\\d{1,3}\\.\\d{1,6}) avg60=(\\d{1,3}\\.\\d{1,6})( |$)`,
    'm',
  );
  const [, avg10, avg60] = line.exec(text) ?? [];
  if (avg10 === undefined || avg60 === undefined) return null;
  return { avg10: Number(avg10), avg60: Number(avg60) };
}

/** What surrounds the instance, as the document has it. */
export type Surroundings = Pick<InstanceMemory, 'cgroup' | 'pressure'>;

const NONE: Surroundings = { cgroup: null, pressure: null };

/** Reads them now; `root` is where /proc and /sys are. */
export function readSurroundings(root = '/'): Surroundings {
  const group = parseGroupPath(readText(path.join(root, 'proc/self/cgroup')) ?? '');
  if (group === null) return NONE;
  const top = path.join(root, 'sys/fs/cgroup');
  const folders = foldersOf(top, group);
  const own = path.join(top, group);
  return {
    cgroup: memoryOf(folders),
    pressure: parsePressure(readText(path.join(own, 'memory.pressure')) ?? ''),
  };
}

/** The folder of a group, and those of the groups around it; `top` is where all groups are. */
export function foldersOf(top: string, group: string): readonly string[] {
  const names = group.split('/').filter((name) => name !== '');
  return Array.from({ length: Math.min(names.length, MOST_LEVELS) + 1 }, (_, up) =>
    path.join(top, ...names.slice(0, names.length - up)),
  );
}

/** A group is held to the tightest limit of all around it: what counts is how full that one is. */
function memoryOf(folders: readonly string[]): CgroupMemory | null {
  const numberIn = (folder: string, file: string): number | null =>
    parseBytes(readText(path.join(folder, file)) ?? '');
  const limits = folders.map((folder) => numberIn(folder, 'memory.max'));
  const limit = limits.reduce((least, each) =>
    least === null || (each !== null && each < least) ? each : least,
  );
  const folder = limit === null ? folders[0] : folders[limits.indexOf(limit)];
  if (folder === undefined) return null;
  const usage = numberIn(folder, 'memory.current');
  if (limit === null && usage === null) return null;
  return { limit, usage, swap: numberIn(folder, 'memory.swap.current') };
}

/** The text of a file; null when it cannot be read. */
export function readText(file: string): string | null {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return null;
  }
}

/** They are read at most this often, however many documents are made. */
const EVERY_MS = 1000;

/** Reads them when asked and the last reading is a second old; `now` is in monotonic milliseconds. */
export function watchSurroundings(read: () => Surroundings, now: () => number): () => Surroundings {
  let known = NONE;
  let readAt = -Infinity;
  return () => {
    if (now() - readAt >= EVERY_MS) {
      readAt = now();
      known = read();
    }
    return known;
  };
}
