import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  linkSync,
  openSync,
} from 'node:fs';
import { renameSync, statSync, unlinkSync } from 'node:fs';
import type { Problem } from '../../../shared/problem.js';
import { err, messageOf, ok, type Result } from '../../../shared/result.js';
import { LOG_PROBLEMS } from '../../problems/logs.js';

/** How a log file is opened. */
export interface FileSettings {
  readonly path: string;
  /** Rotated once it has this size; null for never. */
  readonly maxSize: number | null;
  /** What it is called when it is moved away; null for its name with the time behind it. */
  readonly backupName: string | null;
  /** Permissions it is given; null: 0640 for one that is made here, as uWSGI does. */
  readonly mode: number | null;
  /** Who it is given to; null for nobody. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
}

const NEW_MODE = 0o640;

/**
 * Opens a log file to append to it: several processes may, and a program that empties it
 * (logrotate's copytruncate) leaves no hole. Nothing blocks, should it be a FIFO.
 */
export function openLogFile(
  { path, mode, owner }: FileSettings,
  truncate = false,
): Result<number, Problem> {
  const { O_APPEND, O_CREAT, O_NOCTTY, O_NONBLOCK, O_TRUNC, O_WRONLY } = constants;
  const flags = O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_NONBLOCK | (truncate ? O_TRUNC : 0);
  let fd: number | null = null;
  try {
    fd = openSync(path, flags, NEW_MODE);
    if (mode !== null) fchmodSync(fd, mode);
    if (owner !== null) fchownSync(fd, owner.uid, owner.gid);
    return ok(fd);
  } catch (error) {
    if (fd !== null) closeSync(fd);
    return err(problemOf(`cannot open the log ${path}`, error));
  }
}

const BY_CODE: Readonly<Record<string, (about: string, reason: string) => Problem>> = {
  EACCES: LOG_PROBLEMS.notAllowed,
  EPERM: LOG_PROBLEMS.notAllowed,
  ENOENT: LOG_PROBLEMS.folderMissing,
  EISDIR: LOG_PROBLEMS.isFolder,
  ENXIO: LOG_PROBLEMS.fifoUnread,
};

/** What an error says of a log file, with what helps; `about` is what cannot be done with which. */
export function problemOf(about: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return (BY_CODE[code] ?? LOG_PROBLEMS.refused)(about, messageOf(error));
}

/** The size of an open file; 0 for what has none. */
export function sizeOf(fd: number): number {
  try {
    return fstatSync(fd).size;
  } catch {
    return 0;
  }
}

/**
 * Moves the file at `path` away if it is the one that is open: another master or program may have
 * done so already. No backup is ever written over. The new name; null when there was nothing to do.
 */
export function moveAway(
  fd: number,
  { path, backupName }: FileSettings,
  now: number,
): Result<string | null, Problem> {
  const about = `cannot rotate the log ${path}`;
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    const open = fstatSync(fd);
    if (there?.ino !== open.ino || there.dev !== open.dev) return ok(null);
    const wanted = backupName ?? `${path}.${Math.floor(now / 1000)}`;
    const name = moveTo(path, wanted);
    return name === null
      ? err(LOG_PROBLEMS.tooManyBackups(about, MOST_OF_A_NAME, wanted))
      : ok(name);
  } catch (error) {
    return err(problemOf(about, error));
  }
}

const MOST_OF_A_NAME = 10_000;

/** The name that it has now; null: none of those that it may have is free. */
function moveTo(path: string, wanted: string): string | null {
  for (let further = 0; further < MOST_OF_A_NAME; further++) {
    const name = further === 0 ? wanted : `${wanted}.${further}`;
    if (moved(path, name)) return name;
  }
  return null;
}

/** Whether it was moved; false: there is a file of that name. */
function moved(path: string, name: string): boolean {
  try {
    // Unlike a rename, a link never replaces a file.
    linkSync(path, name);
    unlinkSync(path);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
  }
  // A file system without hard links.
  if (statSync(name, { throwIfNoEntry: false }) !== undefined) return false;
  renameSync(path, name);
  return true;
}
