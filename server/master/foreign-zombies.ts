import { readdirSync, readFileSync } from 'node:fs';

/** A process as /proc/PID/stat tells of it. */
export interface ProcessEntry {
  readonly pid: number;
  /** The name of its program. */
  readonly name: string;
  /** `Z` for one that is dead and waits for its parent. */
  readonly state: string;
  readonly parent: number;
}

/** Parses /proc/PID/stat; null when the text is not such a file's. */
export function parseStat(text: string): ProcessEntry | null {
  // The name is in parentheses and may hold anything, parentheses too.
  const match = /^(\d+) \((.*)\) (\S) (\d+) /s.exec(text);
  if (match === null) return null;
  const [, pid = '', name = '', state = '', parent = ''] = match;
  return { pid: Number(pid), name, state, parent: Number(parent) };
}

/**
 * Watches for dead processes that were left to this one because it is process 1 of a container.
 * Node reaps only what it has started itself, and at once: a dead child that is still there at the
 * next look was another's. The returned function looks, and gives a warning the first time.
 */
export function watchForeignZombies(
  self: number,
  list: () => readonly ProcessEntry[] = listProcesses,
): () => string | null {
  let before = new Set<number>();
  let isTold = false;
  return () => {
    if (isTold) return null;
    const dead = list().filter(({ parent, state }) => parent === self && state === 'Z');
    const stale = dead.find(({ pid }) => before.has(pid));
    before = new Set(dead.map(({ pid }) => pid));
    if (stale === undefined) return null;
    isTold = true;
    return `process ${stale.pid} (${stale.name}) is dead and nobody reaps it: it was left to this master as process 1. Start the container with an init, as docker run --init does`;
  };
}

function listProcesses(): ProcessEntry[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => readStat(pid) ?? []);
  } catch {
    return [];
  }
}

function readStat(pid: string): ProcessEntry | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null; // It is gone by now.
  }
}
