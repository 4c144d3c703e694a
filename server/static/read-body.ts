import { createReadStream, read, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { closeFile, type OpenFile } from './open-file.js';
import type { ByteRange } from './range.js';

/** What is sent at once, and in pieces of which more is streamed. */
const PIECE = 64 * 1024;

/**
 * Up to so many bytes are read without another thread, as nginx reads all files: they are in the
 * kernel's cache or one access away, and waking the thread costs more than reading them.
 */
const SHORT = 16 * 1024;

/**
 * The bytes of a file, which is closed when they were read or the stream is destroyed. Null: it was
 * cut short meanwhile, or cannot be read.
 */
export async function readBody(
  file: OpenFile,
  range: ByteRange,
): Promise<Buffer | Readable | null> {
  const length = range.last - range.first + 1;
  if (length > PIECE) return streamOf(file, range);
  // Not of the pool: an answer may wait for long, and would hold what else is in its slab.
  const bytes = Buffer.allocUnsafeSlow(length);
  try {
    const count =
      length > SHORT
        ? await readAt(file, bytes, range)
        : readSync(file.fd, bytes, 0, length, range.first);
    return count === length ? bytes : null;
  } catch {
    return null;
  } finally {
    closeFile(file);
  }
}

/** The kernel gives less of a regular file than was asked for only where it ends. */
function readAt({ fd }: OpenFile, bytes: Buffer, { first }: ByteRange): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, bytes, 0, bytes.length, first, (error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });
}

function streamOf({ fd, path }: OpenFile, { first, last }: ByteRange): Readable {
  return createReadStream(path, { fd, start: first, end: last, highWaterMark: PIECE });
}
