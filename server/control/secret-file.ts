import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, writeFileSync } from 'node:fs';
import { err, messageOf, ok, type Result } from '../../shared/result.js';

/** Bytes: 64 digits, and whatever an editor put behind them. */
const MAX_SECRET_FILE = 128;

/**
 * The key to read with, from the file of `--stats-secret`: 64 hexadecimal digits. It is made when it
 * is missing, and stays, so that what reads the stats needs to be told once. The error is one
 * sentence.
 */
export function readSecret(path: string, uid: number): Result<Buffer, string> {
  try {
    return open(path, uid);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return make(path);
    if (codeOf(error) === 'ELOOP') return err(`--stats-secret ${path}: it is a symbolic link`);
    return err(`--stats-secret ${path}: it cannot be read: ${messageOf(error)}`);
  }
}

function open(path: string, uid: number): Result<Buffer, string> {
  // Non-blocking, or a FIFO planted under the name would hold us up.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) return err(`--stats-secret ${path}: it is not a regular file`);
    if (stats.uid !== uid) {
      return err(`--stats-secret ${path}: it belongs to user ${stats.uid}, not to ${uid}`);
    }
    if ((stats.mode & 0o077) !== 0) {
      return err(`--stats-secret ${path}: it is open to other users; close it with chmod 600`);
    }
    const buffer = Buffer.alloc(MAX_SECRET_FILE);
    const text = buffer.toString('latin1', 0, readSync(fd, buffer, 0, MAX_SECRET_FILE, 0)).trim();
    if (!/^[0-9a-f]{64}$/i.test(text)) {
      return err(
        `--stats-secret ${path}: it does not hold 64 hexadecimal digits; remove it, and a new one is made`,
      );
    }
    return ok(Buffer.from(text, 'hex'));
  } finally {
    closeSync(fd);
  }
}

function make(path: string): Result<Buffer, string> {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const key = randomBytes(32);
  try {
    const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      writeFileSync(fd, `${key.toString('hex')}\n`);
    } finally {
      closeSync(fd);
    }
    return ok(key);
  } catch (error) {
    return err(`--stats-secret ${path}: it cannot be made: ${messageOf(error)}`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
