import { readFileSync } from 'node:fs';

/** Bytes that a process has resident, and the most that it ever had. */
export function resident(pid: number): { readonly now: number; readonly most: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (name: string): number =>
    1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]);
  return { now: bytes('VmRSS'), most: bytes('VmHWM') };
}
