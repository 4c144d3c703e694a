import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What the control group of this process may take and takes, in bytes; null is no limit, or not known. */
export interface CgroupMemory {
  readonly limit: number | null;
  readonly used: number | null;
}

/** Version 1 writes "no limit" as the largest number of pages. */
const NO_LIMIT = 2 ** 62;

/**
 * The tightest limit of the memory controller on the way from this process's group to the root, and
 * what is used of it. In a container the path may lie outside of what is mounted: then the mount
 * itself is the group.
 */
export function readCgroupMemory(
  read: (file: string) => string | null = readText,
  root = '/sys/fs/cgroup',
): CgroupMemory {
  const lines = (read('/proc/self/cgroup') ?? '').split('\n');
  const unified = groupOf(lines, (controllers) => controllers === '');
  const legacy = groupOf(lines, (controllers) => controllers.split(',').includes('memory'));
  const groups = [
    ...(legacy === null ? [] : upwards(legacy).map((group) => versionOne(read, root, group))),
    ...(unified === null ? [] : upwards(unified).map((group) => versionTwo(read, root, group))),
  ];
  const limited = groups.filter(({ limit }) => limit !== null);
  const [first] = limited;
  if (first === undefined) return { limit: null, used: null };
  return limited.reduce((least, group) =>
    (group.limit ?? Infinity) < (least.limit ?? Infinity) ? group : least,
  );
}

/** A line is `id:controllers:path`; version 2 names none. */
function groupOf(lines: readonly string[], fits: (controllers: string) => boolean): string | null {
  for (const line of lines) {
    const [, controllers, group] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers !== undefined && group !== undefined && fits(controllers)) return group;
  }
  return null;
}

/** A group and those above it, the root at last. */
function upwards(group: string): readonly string[] {
  return group === '/' ? ['/'] : [group, ...upwards(path.posix.dirname(group))];
}

type Read = (file: string) => string | null;

function versionTwo(read: Read, root: string, group: string): CgroupMemory {
  const folder = path.posix.join(root, group);
  return {
    limit: bytesOf(read(`${folder}/memory.max`)),
    used: bytesOf(read(`${folder}/memory.current`)),
  };
}

function versionOne(read: Read, root: string, group: string): CgroupMemory {
  const folder = path.posix.join(root, 'memory', group);
  return {
    limit: bytesOf(read(`${folder}/memory.limit_in_bytes`)),
    used: bytesOf(read(`${folder}/memory.usage_in_bytes`)),
  };
}

/** Null for `max` and for what is no number. */
function bytesOf(text: string | null): number | null {
  const [digits] = /^\d+$/.exec(text?.trim() ?? '') ?? [];
  return digits === undefined || Number(digits) >= NO_LIMIT ? null : Number(digits);
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
