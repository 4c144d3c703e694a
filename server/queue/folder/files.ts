import type { Readable } from 'node:stream';

/** What a folder queue knows of a file. */
export interface FileFacts {
  readonly isFile: boolean;
  readonly size: number;
  /** How many names it has. */
  readonly links: number;
  /** By which it differs from all others that are there now. */
  readonly inode: bigint;
  /** When it, or what is in a folder, changed last: milliseconds since 1970. */
  readonly modified: number;
}

/** A file that is open. */
export interface OpenFile {
  facts(): Promise<FileFacts>;
  write(bytes: Buffer): Promise<void>;
  /** From `position` on, as many bytes as there are and fit; how many that were. */
  read(into: Buffer, position: number): Promise<number>;
  /** Settles when what was written would survive a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * All that a folder queue does to a disk: one system call each, as far as it matters for what is left
 * when the process dies after it. Errors are Node's, with a `code`.
 */
export interface Files {
  list(folder: string): Promise<string[]>;
  facts(path: string): Promise<FileFacts>;
  /** With the folders above it; no error where it is there. */
  makeFolder(path: string): Promise<void>;
  removeFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** A new file to write; EEXIST where one is there. */
  create(path: string): Promise<OpenFile>;
  /** A file to read; no link is followed and no pipe waited for. */
  open(path: string): Promise<OpenFile>;
  /** Settles when the names in a folder would survive a power cut. */
  syncFolder(path: string): Promise<void>;
  /** Sets the time of a file to now, and makes it where it is missing. */
  touch(path: string): Promise<void>;
  /** The bytes of a file from `start` up to `end`, `end` excluded. */
  stream(path: string, start: number, end: number): Readable;
  /** Calls back when the time of a file changed, until the returned function is called. */
  watch(path: string, onChange: () => void): () => void;
}

/** The code of what the system refused, for example `ENOENT`; empty for anything else. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}

/** What `ask` gives, or null where there is no such file. */
export async function unlessGone<T>(ask: Promise<T>): Promise<T | null> {
  try {
    return await ask;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** The names in a folder; none where it is missing. */
export async function namesIn(files: Files, folder: string): Promise<string[]> {
  return (await unlessGone(files.list(folder))) ?? [];
}

/** Removes a file; false where it was gone already. */
export async function remove(files: Files, path: string): Promise<boolean> {
  return (await unlessGone(files.unlink(path).then(() => true))) ?? false;
}
