import { readFileSync } from 'node:fs';
import path from 'node:path';

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

/** The group of this process and all above it: of version 2, and of version 1's memory controller. */
function groupFolders(cgroup: string): string[] {
  return cgroup.split('\n').flatMap((line) => {
    const [, controllers, own] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (own === undefined) return [];
    if (controllers === '') return lineage(GROUPS, own);
    return controllers?.split(',').includes('memory') === true
      ? lineage(path.join(GROUPS, 'memory'), own)
      : [];
  });
}

function lineage(root: string, own: string): string[] {
  const names = own.split('/').filter((name) => name !== '' && name !== '..');
  return names.reduce<string[]>(
    (folders, name) => [...folders, path.join(folders.at(-1) ?? root, name)],
    [root],
  );
}

/** What is left under the limit of one group; cached files are given back, and count as room. */
function groupRoom(folder: string, read: ReadText): number | null {
  const number = (...names: readonly string[]): number | null => {
    for (const name of names) {
      const text = read(path.join(folder, name))?.trim() ?? '';
      if (/^\d+$/.test(text)) return Number(text);
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

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
