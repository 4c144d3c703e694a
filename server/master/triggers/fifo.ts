import { spawnSync } from 'node:child_process';
import { chmodSync, constants, lstatSync, openSync, type Stats, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { err, messageOf, ok, type Result } from '../../../shared/result.js';
import type { Log } from '../../log.js';
import type { MasterEvent } from '../decide/events.js';
import { readLetters } from './fifo-letters.js';

/** What is told of unknown letters in one line of the log, at most. */
const MOST_UNKNOWN = 16;

/**
 * Makes a FIFO at `path` that only its owner can write (mode 0600) and posts what its letters mean,
 * until the returned function is called, which removes it. A FIFO that is there already, left by a
 * master that was killed, is made anew; anything else is not touched.
 */
export function openFifo(
  path: string,
  post: (event: MasterEvent) => void,
  log: Log,
): Result<() => void, string> {
  const made = makeFifo(path);
  if (!made.ok) return made;
  const { fd, inode } = made.value;
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
  return ok(() => {
    socket.destroy();
    try {
      // Another master may have made its own in our place.
      if (lookAt(path)?.ino === inode) unlinkSync(path);
    } catch (error) {
      log(`cannot remove the master FIFO ${path}: ${messageOf(error)}`);
    }
  });
}

function makeFifo(path: string): Result<{ fd: number; inode: number }, string> {
  const cannot = (why: string): Result<never, string> =>
    err(`cannot make the master FIFO ${path}: ${why}`);
  try {
    const old = lookAt(path);
    if (old !== undefined && !old.isFIFO()) {
      return cannot('the file that is there is no FIFO; remove it or give another path');
    }
    if (old !== undefined) unlinkSync(path);
    const problem = runMkfifo(path);
    if (problem !== null) return cannot(problem);
    // Whatever the umask and the default ACL of the folder say.
    chmodSync(path, 0o600);
    // Opened for writing too: without a writer it would be at its end, and for reading only it
    // would have to be opened again after each writer.
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    return ok({ fd, inode: lookAt(path)?.ino ?? 0 });
  } catch (error) {
    return cannot(messageOf(error));
  }
}

/** Node cannot make a FIFO; the program of that name is part of every system's base. */
function runMkfifo(path: string): string | null {
  const { error, status, stderr } = spawnSync('mkfifo', ['-m', '600', '--', path], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (error !== undefined) {
    return `the program mkfifo does not run (${error.message}); install coreutils`;
  }
  return status === 0 ? null : stderr.trim();
}

function lookAt(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
