import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import path from 'node:path';
import { decodeKeyFile, decodeReadKey, MAX_KEY_FILE } from '../../shared/decode-key-file.js';
import type { KeyFile } from '../../shared/protocol.js';
import { runtimeDirectory, type RuntimeEnvironment } from '../../shared/runtime-directory.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';

/** Where keys may come from. */
export interface KeySource {
  /** `--key-file`: the user vouches for the server, as behind a tunnel. */
  readonly keyFile?: string | undefined;
  /** This user's own runtime directory. */
  readonly directory: string;
  readonly uid: number;
}

/** Where the keys of this user are, and the one that was named. */
export function keySource(options: {
  readonly keyFile?: string | undefined;
  readonly env?: RuntimeEnvironment | undefined;
  readonly uid?: number | undefined;
}): KeySource {
  const uid = options.uid ?? process.getuid?.() ?? 0;
  const directory = runtimeDirectory(options.env ?? process.env, uid);
  return { keyFile: options.keyFile, directory, uid };
}

/** A key, and what it is good for: one to operate is bound to a start of the server, one to read is not. */
export type FoundKey =
  ({ readonly role: 'operate' } & KeyFile) | { readonly role: 'read'; readonly key: string };

/**
 * Finds the key of a running server by its boot id, which must be checked already: it becomes a
 * file name. A file that another user could have written or read is no key. One that `--key-file`
 * names may hold the key to read, as the server's `--stats-secret` has it. The error is one sentence.
 */
export function readKeyFile(source: KeySource, bootId: string): Result<FoundKey, string> {
  const given = source.keyFile;
  const file = given ?? path.join(source.directory, `${bootId}.key`);
  const text = readPrivate(file, source.uid, given !== undefined);
  if (!text.ok) return text;
  const readKey = given === undefined ? null : decodeReadKey(text.value);
  if (readKey !== null) return ok({ role: 'read', key: readKey });
  const key = decodeKeyFile(text.value);
  if (!key.ok) return err(`the key file ${file} ${key.error}`);
  if (key.value.boot_id !== bootId) {
    return err(`the key file ${file} belongs to another start of the server`);
  }
  return ok({ role: 'operate', ...key.value });
}

function readPrivate(file: string, uid: number, given: boolean): Result<string, string> {
  // Non-blocking, or a FIFO planted under the name would hold us up.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (given ? 0 : constants.O_NOFOLLOW);
  let fd: number;
  try {
    fd = openSync(file, flags);
  } catch (error) {
    return err(explain(file, error, given));
  }
  try {
    const refusal = judge(fstatSync(fd), uid);
    if (refusal !== undefined) return err(`the key file ${file} ${refusal}`);
    const buffer = Buffer.alloc(MAX_KEY_FILE);
    const length = readSync(fd, buffer, 0, MAX_KEY_FILE, 0);
    return ok(buffer.toString('utf8', 0, length));
  } catch (error) {
    return err(`the key file ${file} cannot be read: ${messageOf(error)}`);
  } finally {
    closeSync(fd);
  }
}

function explain(file: string, error: unknown, given: boolean): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' && !given) {
    return `there is no key ${file}: control is for the user who started the server, or with --key-file`;
  }
  if (code === 'ENOENT') return `there is no key file ${file}`;
  if (code === 'EACCES') return `this user may not read the key file ${file}`;
  if (code === 'ELOOP') return `the key file ${file} is a symbolic link`;
  return `the key file ${file} cannot be opened: ${code === '' ? messageOf(error) : code}`;
}

function judge(stats: Stats, uid: number): string | undefined {
  if (!stats.isFile()) return 'is not a regular file';
  if (stats.uid !== uid) return `belongs to user ${stats.uid}, not to ${uid}`;
  if ((stats.mode & 0o777) !== 0o600) return 'must have mode 0600';
  if (stats.size > MAX_KEY_FILE) return `is larger than ${MAX_KEY_FILE} bytes`;
  return undefined;
}
