import {
  closeSync,
  constants,
  fchmodSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { resolve } from 'node:path';
import type { Problem } from '../../shared/problem.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import { OWNERSHIP_PROBLEMS } from '../problems/ownership.js';

/** A pid file on disk. */
export interface PidFile {
  /** Removes it if it still names this process; the error is one sentence. */
  remove(): Result<null, string>;
}

/**
 * Writes `PID\n` to a file, in one step: nobody reads a part of it, and a link at the path is
 * replaced, not followed. Readable for all, as init systems expect. This process keeps it open as
 * long as it lives, by which others tell it from a later process with the same pid
 * (pid-file-owner.ts).
 */
export function writePidFile(path: string, pid = process.pid): Result<PidFile, Problem> {
  const file = resolve(path);
  const draft = `${file}.${pid}.draft`;
  let fd = -1;
  try {
    fd = write(draft, `${pid}\n`);
    renameSync(draft, file);
  } catch (error) {
    if (fd >= 0) closeSync(fd);
    tryUnlink(draft);
    return err(unwritten(file, error));
  }
  return ok({
    remove() {
      if (fd >= 0) closeSync(fd);
      fd = -1;
      return remove(file, pid);
    },
  });
}

/** After an upgrade of a master that gave up root, the file of the old one may stand there. */
function unwritten(file: string, error: unknown): Problem {
  const why = messageOf(error);
  const named = readPid(file);
  if (named === null) return OWNERSHIP_PROBLEMS.pidFileUnwritten(file, why);
  return OWNERSHIP_PROBLEMS.pidFileOld(file, named, why, process.geteuid?.() ?? 0);
}

function readPid(file: string): string | null {
  try {
    return /^\d{1,10}$/.exec(readFileSync(file, 'latin1').trim())?.[0] ?? null;
  } catch {
    return null;
  }
}

/** The descriptor, still open. */
function write(draft: string, text: string): number {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const fd = openSync(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
  try {
    fchmodSync(fd, 0o644);
    writeSync(fd, text);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function remove(file: string, pid: number): Result<null, string> {
  try {
    // The successor of this master may have written its own there.
    if (readFileSync(file, 'utf8') === `${pid}\n`) unlinkSync(file);
    return ok(null);
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isGone ? ok(null) : err(`--vacuum: ${file} cannot be removed: ${messageOf(error)}`);
  }
}

function tryUnlink(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never made.
  }
}
