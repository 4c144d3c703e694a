import { readFile } from 'node:fs/promises';

/** What a process takes of the machine's memory, in bytes. */
export interface OwnMemory {
  /** Unique set size: what is shared with nobody, and comes back when the process ends. */
  readonly uss: number;
  /** Proportional set size: each shared page counts as its share, so that sums are true. */
  readonly pss: number;
}

/** Reads the text of /proc/PID/smaps_rollup; null when it is not such a file's. */
export function parseRollup(rollup: string): OwnMemory | null {
  const kilobytes = [...rollup.matchAll(/^Private_\w+: +(\d+) kB$/gm)].map(([, kb]) => Number(kb));
  const pss = /^Pss: +(\d+) kB$/m.exec(rollup)?.[1];
  if (kilobytes.length === 0 || pss === undefined) return null;
  return { uss: kilobytes.reduce((sum, kb) => sum + kb, 0) * 1024, pss: Number(pss) * 1024 };
}

/** The same of a process; null when it is gone, or may not be looked at. */
export async function readOwnMemory(pid: number): Promise<OwnMemory | null> {
  try {
    return parseRollup(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'));
  } catch {
    return null;
  }
}
