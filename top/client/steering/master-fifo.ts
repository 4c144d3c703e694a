import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { err, messageOf, ok, type Result } from '../../../shared/result.js';
import type { Clock } from '../clock.js';

/** uWSGI makes its FIFO anew after every writer: for a moment it is not there. */
const AGAIN_MS = 100;
const ATTEMPTS = 15;

/** What nobody reads is written to by nobody: opening does not wait, and no link is followed. */
const FLAGS = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** Why a path cannot be a master FIFO, in one sentence; null when it is a FIFO. */
export async function fifoProblem(path: string): Promise<string | null> {
  try {
    const found = await lstat(path);
    if (found.isFIFO()) return null;
    const what = found.isSymbolicLink() ? 'a symbolic link, which is not followed' : 'no FIFO';
    return `--fifo ${path} is ${what}: name what master-fifo of the uWSGI names`;
  } catch (error) {
    return explain(path, error);
  }
}

/** Writes command letters to a master FIFO. The error is one sentence: nothing was written then. */
export async function writeLetters(
  path: string,
  letters: string,
  clock: Clock,
): Promise<Result<null, string>> {
  const opened = await openSoon(path, clock);
  if (!opened.ok) return opened;
  const handle = opened.value;
  try {
    // The path may lead elsewhere since it was looked at: what is open decides.
    if (!(await handle.stat()).isFIFO()) return err(`--fifo ${path} is no FIFO any more`);
    await handle.write(letters);
    return ok(null);
  } catch (error) {
    return err(explain(path, error));
  } finally {
    await handle.close();
  }
}

async function openSoon(path: string, clock: Clock): Promise<Result<FileHandle, string>> {
  for (let attempt = 1; ; attempt++) {
    const problem = await fifoProblem(path);
    try {
      if (problem === null) return ok(await open(path, FLAGS));
    } catch (error) {
      if (codeOf(error) !== 'ENXIO' || attempt >= ATTEMPTS) return err(explain(path, error));
    }
    if (problem !== null && attempt >= ATTEMPTS) return err(problem);
    await new Promise<void>((resolve) => clock.after(AGAIN_MS, resolve));
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

function explain(path: string, error: unknown): string {
  switch (codeOf(error) ?? '') {
    case 'ENOENT':
      return `there is no --fifo ${path}: is it the master-fifo of a uWSGI that runs?`;
    case 'ENXIO':
    case 'EPIPE':
      return `nobody reads --fifo ${path}: is it the master-fifo of a uWSGI that runs?`;
    case 'EACCES':
    case 'EPERM':
      return `this user may not write to --fifo ${path}`;
    case 'ELOOP':
      return `--fifo ${path} is a symbolic link, which is not followed`;
    default:
      return `--fifo ${path}: ${messageOf(error)}`;
  }
}
