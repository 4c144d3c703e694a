import { readFile } from 'node:fs/promises';

/** Memory that is shared with nobody, in bytes, out of /proc/PID/smaps_rollup; null when it is not such a file's. */
export function parseUss(rollup: string): number | null {
  const kilobytes = [...rollup.matchAll(/^Private_\w+: +(\d+) kB$/gm)].map(([, kb]) => Number(kb));
  return kilobytes.length === 0 ? null : kilobytes.reduce((sum, kb) => sum + kb, 0) * 1024;
}

/** The same of a process; null when it is gone, or may not be looked at. */
export async function readUss(pid: number): Promise<number | null> {
  try {
    return parseUss(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'));
  } catch {
    return null;
  }
}
