import { type BigIntStats, closeSync, constants, fstatSync, open } from 'node:fs';
import type { Root } from './root.js';

/** A regular file that is open; whoever has it closes it. */
export interface OpenFile {
  readonly kind: 'file';
  readonly fd: number;
  readonly path: string;
  readonly stat: BigIntStats;
}

/** What is at a path. */
export type Opened =
  | OpenFile
  | { readonly kind: 'folder' }
  | { readonly kind: 'missing' }
  /** Nothing that may be served, or could be. */
  | { readonly kind: 'refused'; readonly status: 403 | 404 | 500 | 503 };

/** A FIFO without a writer would hold the call, and a terminal become this process's. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

const MISSING: Opened = { kind: 'missing' };
const FOLDER: Opened = { kind: 'folder' };

/**
 * Opens a file under a root. It is opened once, and everything is asked of what was opened: between
 * a check and the use of a path somebody could put another file there.
 */
export function openFile(root: Root, path: string): Promise<Opened> {
  return new Promise((resolve) => {
    open(path, FLAGS, (error, fd) => {
      if (error === null) resolve(examine(root, path, fd));
      else resolve(problemOf(error));
    });
  });
}

/**
 * At once: nothing is written back that one would wait for, and to wake another thread costs more
 * than all else that is done for a small file.
 */
export function closeFile({ fd }: Pick<OpenFile, 'fd'>): void {
  try {
    closeSync(fd);
  } catch {
    // It is gone all the same.
  }
}

function examine(root: Root, path: string, fd: number): Opened {
  const found = examined(root, path, fd);
  if (found.kind !== 'file') closeFile({ fd });
  return found;
}

function examined(root: Root, path: string, fd: number): Opened {
  try {
    const stat = fstatSync(fd, { bigint: true });
    if (!root.contains(fd, path)) return { kind: 'refused', status: 403 };
    if (stat.isFile()) return { kind: 'file', fd, path, stat };
    return stat.isDirectory() ? FOLDER : { kind: 'refused', status: 403 };
  } catch (error) {
    return problemOf(error as NodeJS.ErrnoException);
  }
}

/** What the codes of errors come to; any other is 500. */
const PROBLEMS: Readonly<Record<string, Opened>> = {
  ENOENT: MISSING,
  ENOTDIR: MISSING,
  ENAMETOOLONG: { kind: 'refused', status: 404 },
  EACCES: { kind: 'refused', status: 403 },
  EPERM: { kind: 'refused', status: 403 },
  ELOOP: { kind: 'refused', status: 403 },
  // What a socket, and a device that is not there, say.
  ENXIO: { kind: 'refused', status: 403 },
  ENODEV: { kind: 'refused', status: 403 },
  EMFILE: { kind: 'refused', status: 503 },
  ENFILE: { kind: 'refused', status: 503 },
};

function problemOf({ code = '' }: NodeJS.ErrnoException): Opened {
  return PROBLEMS[code] ?? { kind: 'refused', status: 500 };
}
