import { openSync, readSync } from 'node:fs';

/** Field 23 of /proc/PID/stat, counted from the closing parenthesis of the command: virtual bytes. */
const VSIZE = 20;

/**
 * uWSGI's prefix of a request line under --memory-report. The file is kept open: reading it again
 * costs a third of opening it. Where there is no /proc the address space is given as 0.
 */
export function memoryPrefix(): () => string {
  const stat = openStat();
  const buffer = Buffer.alloc(1024);
  return () => {
    const rss = process.memoryUsage.rss();
    const vsz = stat === null ? 0 : readVsize(stat, buffer);
    return `{address space usage: ${amount(vsz)}} {rss usage: ${amount(rss)}} `;
  };
}

function amount(bytes: number): string {
  return `${bytes} bytes/${Math.floor(bytes / 1024 / 1024)}MB`;
}

function openStat(): number | null {
  try {
    return openSync('/proc/self/stat', 'r');
  } catch {
    return null;
  }
}

function readVsize(fd: number, buffer: Buffer): number {
  const text = buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0));
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[VSIZE] ?? 0);
}
