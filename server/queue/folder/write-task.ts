import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { messageOf } from '../../../shared/result.js';
import { MOST_BODY, type TaskOrder } from '../contract.js';
import { QueueError } from '../queue-error.js';
import type { Files, OpenFile } from './files.js';
import { encodeTrailer } from './task-file.js';

/** A file of up to this size is written by one call. */
const SMALL = 256 * 1024;

/** Writes a task's file anew and makes it durable; the error of a body is a QueueError. */
export async function writeTask(
  files: Files,
  path: string,
  head: Buffer,
  body: TaskOrder['body'],
): Promise<void> {
  if (Buffer.isBuffer(body) && body.length > MOST_BODY) throw tooLarge();
  const file = await files.create(path);
  try {
    await writeAll(file, head, body);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeAll(file: OpenFile, head: Buffer, body: TaskOrder['body']): Promise<void> {
  const hash = createHash('sha256').update(head);
  if (body !== null && !Buffer.isBuffer(body)) {
    await file.write(head);
    const length = head.length + (await copy(body, file, (chunk) => hash.update(chunk)));
    await file.write(encodeTrailer(hash.digest('hex'), length));
    return;
  }
  const bytes = body ?? Buffer.alloc(0);
  const trailer = encodeTrailer(hash.update(bytes).digest('hex'), head.length + bytes.length);
  if (bytes.length < SMALL) return file.write(Buffer.concat([head, bytes, trailer]));
  await file.write(head);
  await file.write(bytes);
  await file.write(trailer);
}

/** Copies a stream into a file; how many bytes that were. */
async function copy(
  from: Readable,
  to: OpenFile,
  onChunk: (chunk: Buffer) => void,
): Promise<number> {
  let length = 0;
  for await (const chunk of chunksOf(from)) {
    length += chunk.length;
    if (length > MOST_BODY) throw tooLarge();
    onChunk(chunk);
    await to.write(chunk);
  }
  return length;
}

/** Tells a stream that fails from a disk that does. */
async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) {
      yield typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
    }
  } catch (error) {
    const message = `the body of a task could not be read: ${messageOf(error)}: put the task in again`;
    throw new QueueError('body', message, error);
  }
}

function tooLarge(): QueueError {
  const message = `a body of more than ${MOST_BODY} bytes: keep the data in a file, and give its path`;
  return new QueueError('too large', message);
}
