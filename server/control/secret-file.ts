import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, writeFileSync } from 'node:fs';
import type { Problem } from '../../shared/problem.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import { OWNERSHIP_PROBLEMS } from '../problems/ownership.js';

/** Bytes: 64 digits, and whatever an editor put behind them. */
const MAX_SECRET_FILE = 128;

/**
 * The key to read with, from the file of `--stats-secret`: 64 hexadecimal digits. It is made when it
 * is missing, and stays, so that what reads the stats needs to be told once. The error is one
 * sentence.
 */
export function readSecret(path: string, uid: number): Result<Buffer, Problem> {
  try {
    return open(path, uid);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return make(path);
    if (codeOf(error) === 'ELOOP') return err(OWNERSHIP_PROBLEMS.secretLink(path));
    return err(OWNERSHIP_PROBLEMS.secretUnreadable(path, messageOf(error)));
  }
}

function open(path: string, uid: number): Result<Buffer, Problem> {
  // Non-blocking, or a FIFO planted under the name would hold us up.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) return err(OWNERSHIP_PROBLEMS.secretNoFile(path));
    if (stats.uid !== uid) {
      return err(OWNERSHIP_PROBLEMS.secretAnothers(path, stats.uid, uid));
    }
    if ((stats.mode & 0o077) !== 0) {
      return err(OWNERSHIP_PROBLEMS.secretOpen(path));
    }
    const buffer = Buffer.alloc(MAX_SECRET_FILE);
    const text = buffer.toString('latin1', 0, readSync(fd, buffer, 0, MAX_SECRET_FILE, 0)).trim();
    if (!/^[0-9a-f]{64}$/i.test(text)) {
      return err(OWNERSHIP_PROBLEMS.secretMalformed(path));
    }
    return ok(Buffer.from(text, 'hex'));
  } finally {
    closeSync(fd);
  }
}

function make(path: string): Result<Buffer, Problem> {
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
    return err(OWNERSHIP_PROBLEMS.secretUnmade(path, messageOf(error)));
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
