import { spawnSync } from 'node:child_process';
import { chmodSync, constants, lstatSync, openSync, type Stats, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Problem } from '../../../shared/problem.js';
import { err, messageOf, ok, type Result } from '../../../shared/result.js';
import type { Log } from '../../log.js';
import { START_PROBLEMS } from '../../problems/application.js';
import type { MasterEvent } from '../decide/events.js';
import { readLetters } from './fifo-letters.js';

/** What is told of unknown letters in one line of the log, at most. */
const MOST_UNKNOWN = 16;

/** How the reading of a FIFO ends. */
export interface OpenFifo {
  /** Removes it. */
  close(): void;
  /** Reads no more, and leaves it with what is written from now on to the master that follows. */
  leave(): void;
}

/** What to do with a FIFO that is there: an old master's is used on, one of a dead master made anew. */
export type FoundFifo = 'adopt' | 'replace';

/**
 * Makes a FIFO at `path` that only its owner can write (mode 0600), or takes over that of an old
 * master, and posts what its letters mean. Anything at the path but a FIFO is not touched.
 */
export function openFifo(
  path: string,
  post: (event: MasterEvent) => void,
  { found, log }: { readonly found: FoundFifo; readonly log: Log },
): Result<OpenFifo, Problem> {
  const opened = found === 'adopt' ? (adoptFifo(path) ?? makeFifo(path)) : makeFifo(path);
  if (!opened.ok) return opened;
  const { fd, inode } = opened.value;
  const socket = new Socket({ fd, readable: true, writable: false });
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    const { events, unknown } = readLetters(text);
    for (const event of events) post(event);
    if (unknown.length === 0) return;
    const shown = JSON.stringify(unknown.slice(0, MOST_UNKNOWN).join(''));
    log(`master FIFO ${path}: unknown command ${shown} ignored`);
  });
  socket.on('error', (error) => {
    log(`master FIFO ${path}: ${error.message}; it is read no more`);
  });
  return ok({
    close() {
      socket.destroy();
      try {
        // Another master may have made its own in our place.
        if (lookAt(path)?.ino === inode) unlinkSync(path);
      } catch (error) {
        log(`cannot remove the master FIFO ${path}: ${messageOf(error)}`);
      }
    },
    leave() {
      // Held open until this process ends: with nobody at it, what lies in it would be lost. A stream
      // that is paused would still read ahead.
      if (lookAt(path)?.ino === inode) openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
      socket.destroy();
    },
  });
}

interface Opened {
  readonly fd: number;
  readonly inode: number;
}

/**
 * An old master's FIFO, so that there is one at every moment of an upgrade: in a gap `echo r > FIFO`
 * would make a file of that name. Null when none of ours is there.
 */
function adoptFifo(path: string): Result<Opened, Problem> | null {
  const old = lookAt(path);
  if (old?.isFIFO() !== true || old.uid !== process.geteuid?.()) return null;
  if ((old.mode & 0o777) !== 0o600) return null;
  try {
    const { O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;
    return ok({ fd: openSync(path, O_RDWR | O_NONBLOCK | O_NOFOLLOW), inode: old.ino });
  } catch {
    return null;
  }
}

function makeFifo(path: string): Result<Opened, Problem> {
  try {
    const old = lookAt(path);
    if (old !== undefined && !old.isFIFO()) return err(START_PROBLEMS.fifoIsFile(path));
    if (old !== undefined) unlinkSync(path);
    const problem = runMkfifo(path);
    if (problem !== null) return err(problem);
    // Whatever the umask and the default ACL of the folder say.
    chmodSync(path, 0o600);
    // Opened for writing too: without a writer it would be at its end, and for reading only it
    // would have to be opened again after each writer.
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    return ok({ fd, inode: lookAt(path)?.ino ?? 0 });
  } catch (error) {
    return err(START_PROBLEMS.fifoUnmade(path, messageOf(error)));
  }
}

/** Node cannot make a FIFO; the program of that name is part of every system's base. */
function runMkfifo(path: string): Problem | null {
  const { error, status, stderr } = spawnSync('mkfifo', ['-m', '600', '--', path], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (error !== undefined) return START_PROBLEMS.mkfifoMissing(path, error.message);
  return status === 0 ? null : START_PROBLEMS.fifoUnmade(path, stderr.trim());
}

function lookAt(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
