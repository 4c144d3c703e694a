import { createReadStream, read } from 'node:fs';
import type { Readable } from 'node:stream';
import { closeFile, type OpenFile } from './open-file.js';
import type { ByteRange } from './range.js';

/** Up to so many bytes are read at once; more is streamed in pieces of as many. */
const PIECE = 64 * 1024;

/**
 * The bytes of a file, which is closed when they were read or the stream is destroyed. Null: it was
 * cut short meanwhile, or cannot be read.
 */
export function readBody(file: OpenFile, range: ByteRange): Promise<Buffer | Readable | null> {
  const length = range.last - range.first + 1;
  if (length > PIECE) return Promise.resolve(streamOf(file, range));
  return new Promise((resolve) => {
    // Not of the pool: an answer may wait for long, and would hold what else is in its slab.
    const bytes = Buffer.allocUnsafeSlow(length);
    const next = (done: number): void => {
      read(file.fd, bytes, done, length - done, range.first + done, (error, count) => {
        const isOver = error !== null || count === 0 || done + count === length;
        if (!isOver) {
          next(done + count);
          return;
        }
        closeFile(file);
        resolve(error === null && done + count === length ? bytes : null);
      });
    };
    next(0);
  });
}

function streamOf({ fd, path }: OpenFile, { first, last }: ByteRange): Readable {
  return createReadStream(path, { fd, start: first, end: last, highWaterMark: PIECE });
}
