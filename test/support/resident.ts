import { readFileSync } from 'node:fs';

/**
 * By so many bytes a process may grow through which a body passes that is much larger. A young
 * generation of V8's is most of it, which may take 32 MB, and since Node 24 twice as much.
 */
export const MOST_GROWN = (Number.parseInt(process.versions.node) < 24 ? 50 : 110) * 1024 * 1024;

/** Bytes that a process has resident, and the most that it ever had. */
export function resident(pid: number): { readonly now: number; readonly most: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (name: string): number =>
    1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]);
  return { now: bytes('VmRSS'), most: bytes('VmHWM') };
}
