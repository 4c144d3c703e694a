import { createHash } from 'node:crypto';
import { err, ok, type Result } from '../../../shared/result.js';
import { codeOf, type FileFacts, type Files, type OpenFile } from './files.js';
import { decodeHead, decodeTrailer, MOST_HEAD, MOST_TRAILER, type TaskHead } from './task-file.js';

/** A task's file that is whole. */
export interface ReadTask {
  readonly head: TaskHead;
  readonly facts: FileFacts;
  /** Where its body is. */
  readonly start: number;
  readonly end: number;
}

/** A file up to this size is read at once. */
const CHUNK = 64 * 1024;

/**
 * Reads a task's file and checks every byte of it. The error says why it is no task; what the system
 * refuses (no descriptors, a disk that fails) is thrown.
 */
export async function readTask(files: Files, path: string): Promise<Result<ReadTask, string>> {
  return withFile(files, path, async (file, facts) => {
    const { size } = facts;
    const tail = Math.min(size, MOST_TRAILER);
    const first = await bytesAt(file, 0, Math.min(size, CHUNK));
    const end =
      first.length === size ? first.subarray(size - tail) : await bytesAt(file, size - tail, tail);
    const trailer = decodeTrailer(end, size);
    if (!trailer.ok) return trailer;
    const { sha256, length } = trailer.value;
    const digest = await digestOf(file, first, length);
    if (digest !== sha256) return err('its digest does not fit: it was changed or damaged');
    const start = await headBytes(file, first, length);
    const decoded = decodeHead(start);
    if (!decoded.ok) return decoded;
    const { head, bodyStart } = decoded.value;
    return ok({ head, facts, start: bodyStart, end: length });
  });
}

/** Reads the head only, and does not look whether the file is whole. */
export async function readHead(files: Files, path: string): Promise<Result<TaskHead, string>> {
  return withFile(files, path, async (file, { size }) => {
    const first = await bytesAt(file, 0, Math.min(size, CHUNK));
    const decoded = decodeHead(await headBytes(file, first, size));
    return decoded.ok ? ok(decoded.value.head) : decoded;
  });
}

async function withFile<T>(
  files: Files,
  path: string,
  use: (file: OpenFile, facts: FileFacts) => Promise<Result<T, string>>,
): Promise<Result<T, string>> {
  let file: OpenFile;
  try {
    file = await files.open(path);
  } catch (error) {
    const why = UNREADABLE[codeOf(error)];
    if (why === undefined) throw error;
    return err(why);
  }
  try {
    const facts = await file.facts();
    return facts.isFile ? await use(file, facts) : err('it is no regular file');
  } finally {
    await file.close();
  }
}

const UNREADABLE: Readonly<Record<string, string>> = {
  EACCES: 'it cannot be read by this user: change its owner',
  ELOOP: 'it is a symbolic link',
  ENXIO: 'it is no regular file',
};

/** The beginning of a file as far as the end of the second line can be. */
async function headBytes(file: OpenFile, first: Buffer, length: number): Promise<Buffer> {
  const known = first.subarray(0, Math.min(first.length, length));
  const isWhole = known.length === length || known.indexOf(0x0a, known.indexOf(0x0a) + 1) > 0;
  return isWhole ? known : bytesAt(file, 0, Math.min(length, MOST_HEAD));
}

async function digestOf(file: OpenFile, first: Buffer, length: number): Promise<string> {
  const hash = createHash('sha256').update(first.subarray(0, length));
  const chunk = Buffer.allocUnsafe(Math.min(4 * CHUNK, Math.max(0, length - first.length)));
  for (let done = first.length; done < length; done += chunk.length) {
    const wanted = chunk.subarray(0, Math.min(chunk.length, length - done));
    const read = await file.read(wanted, done);
    hash.update(wanted.subarray(0, read));
    if (read < wanted.length) break;
  }
  return hash.digest('hex');
}

async function bytesAt(file: OpenFile, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.subarray(0, await file.read(bytes, position));
}
