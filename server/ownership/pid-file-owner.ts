import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../shared/result.js';

/** Whose a pid file is. */
export type PidFileOwner =
  /** There is no such file, or it is empty. */
  | { readonly kind: 'none' }
  /** The master that wrote it lives; `started` is its start, in ticks since the machine's. */
  | { readonly kind: 'living'; readonly pid: number; readonly started: string }
  /** Who wrote it is gone: its pid is free, or another process has it. */
  | { readonly kind: 'stale'; readonly pid: number }
  /** It is no pid file, or cannot be read; the problem is the end of a sentence. */
  | { readonly kind: 'unusable'; readonly problem: string };

/** No pid file is longer. */
const MOST_BYTES = 64;

/**
 * Finds out whose a pid file is, beyond its number, which another process may have by now. A master
 * keeps its file open as long as it lives, and the kernel tells whoever may trace it which files
 * that are. For others, and for a master that gave up root, it must be a tsuwsgi by its command line
 * and have started before the file was written, as no later owner of the pid can have.
 */
export function ownerOf(file: string, proc = '/proc'): PidFileOwner {
  const found = readPidFile(file);
  if (!('pid' in found)) return found;
  const { pid, stats } = found;
  const started = startOf(pid, proc);
  if (started === null || pid === process.pid) return { kind: 'stale', pid };
  const isOurs = holds(pid, file, stats, proc) ?? mayHaveWritten({ pid, started }, stats, proc);
  return isOurs ? { kind: 'living', pid, started } : { kind: 'stale', pid };
}

/** The start of a process in ticks since the machine's; null when there is none that runs. */
export function startOf(pid: number, proc = '/proc'): string | null {
  try {
    const text = readFileSync(`${proc}/${pid}/stat`, 'latin1');
    // The name stands in parentheses and may hold any character, these among them.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

type Read =
  | { readonly pid: number; readonly stats: Stats }
  | Extract<PidFileOwner, { readonly kind: 'none' | 'unusable' }>;

function readPidFile(file: string): Read {
  let fd: number;
  try {
    // Non-blocking, or a FIFO under this name would hold us up.
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isGone ? { kind: 'none' } : { kind: 'unusable', problem: messageOf(error) };
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) return { kind: 'unusable', problem: 'it is no file' };
    const buffer = Buffer.alloc(MOST_BYTES + 1);
    const text = buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0)).trim();
    if (text === '') return { kind: 'none' };
    const pid = /^\d{1,10}$/.test(text) ? Number(text) : 0;
    return pid > 0 ? { pid, stats } : { kind: 'unusable', problem: 'it holds no process id' };
  } finally {
    closeSync(fd);
  }
}

/** Whether a process has this very file open; null when that is not ours to know. */
function holds(pid: number, file: string, stats: Stats, proc: string): boolean | null {
  const folder = `${proc}/${pid}/fd`;
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return null;
  }
  let denied = 0;
  for (const name of names) {
    try {
      const entry = `${folder}/${name}`;
      // By name first: to ask a file that is on a dead network disk may take for ever.
      if (path.basename(readlinkSync(entry)) !== path.basename(file)) continue;
      const { ino, dev } = statSync(entry);
      if (ino === stats.ino && dev === stats.dev) return true;
    } catch (error) {
      // Whoever has another group may list them and no more; else it was closed meanwhile.
      if (error instanceof Error && 'code' in error && error.code === 'EACCES') denied++;
    }
  }
  return denied > 0 ? null : false;
}

/** The kernel counts starts in hundredths of a second, and the time of the machine's in seconds. */
const TICKS_A_SECOND = 100;
const SLACK_S = 2;

function mayHaveWritten(
  { pid, started }: { readonly pid: number; readonly started: string },
  { mtimeMs }: Stats,
  proc: string,
): boolean {
  try {
    const words = readFileSync(`${proc}/${pid}/cmdline`, 'latin1').split('\0');
    const isMaster = words.some((word) => /(^|\/)(tsuwsgi|server\/main\.js)( |$)/.test(word));
    const boot = /^btime (\d+)$/m.exec(readFileSync(`${proc}/stat`, 'latin1'))?.[1];
    if (!isMaster || boot === undefined) return false;
    return Number(boot) + Number(started) / TICKS_A_SECOND <= mtimeMs / 1000 + SLACK_S;
  } catch {
    return false;
  }
}
