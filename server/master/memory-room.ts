import path from 'node:path';
import { foldersOf, parseBytes, parseGroupPath, readText } from './control-group.js';

/** What can still be allocated here, in bytes; null where nobody tells. */
export interface MemoryRoom {
  /** `MemAvailable` of the machine. */
  readonly machine: number | null;
  /** The least room under the limits of the control groups above; null without a limit. */
  readonly group: number | null;
}

/** Reads a file as text; null when it cannot be read. */
export type ReadText = (file: string) => string | null;

const GROUPS = '/sys/fs/cgroup';

/** Looks it up in /proc and /sys; `read` is for tests. */
export function memoryRoom(read: ReadText = readText): MemoryRoom {
  const rooms = groupFolders(read('/proc/self/cgroup') ?? '').flatMap((folder) => {
    const room = groupRoom(folder, read);
    return room === null ? [] : [room];
  });
  return {
    machine: available(read('/proc/meminfo') ?? ''),
    group: rooms.length === 0 ? null : Math.min(...rooms),
  };
}

/** The smaller of both; null when neither is known. */
export function leastRoom({ machine, group }: MemoryRoom): number | null {
  if (machine === null || group === null) return machine ?? group;
  return Math.min(machine, group);
}

function available(meminfo: string): number | null {
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/** The group of this process and all around it: of version 2, and of version 1's memory controller. */
function groupFolders(cgroup: string): readonly string[] {
  const own = parseGroupPath(cgroup);
  const old = parseGroupPath(cgroup, 1);
  return [
    ...(own === null ? [] : foldersOf(GROUPS, own)),
    ...(old === null ? [] : foldersOf(path.join(GROUPS, 'memory'), old)),
  ];
}

/** What is left under the limit of one group; cached files are given back, and count as room. */
function groupRoom(folder: string, read: ReadText): number | null {
  const number = (...names: readonly string[]): number | null => {
    for (const name of names) {
      const bytes = parseBytes(read(path.join(folder, name)) ?? '');
      if (bytes !== null) return bytes;
    }
    return null;
  };
  const limit = number('memory.max', 'memory.limit_in_bytes');
  const used = number('memory.current', 'memory.usage_in_bytes');
  // Version 1 writes "no limit" as a number beyond all memory.
  if (limit === null || used === null || limit > Number.MAX_SAFE_INTEGER) return null;
  const cached = /^(?:total_)?inactive_file (\d+)$/m.exec(
    read(path.join(folder, 'memory.stat')) ?? '',
  )?.[1];
  return Math.max(0, limit - used + Number(cached ?? 0));
}
