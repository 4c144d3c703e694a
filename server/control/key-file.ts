import { constants, readlinkSync, type Stats } from 'node:fs';
import { lstat, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isBootId } from '../../shared/decode-message.js';
import type { KeyFile } from '../../shared/protocol.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import { OWNERSHIP_PROBLEMS } from '../problems/ownership.js';
import { privateDirectory } from './private-directory.js';

/** Bytes: a reader takes no more. */
export const MAX_KEY_FILE = 4096;

export interface KeyFileOptions {
  /** The user's runtime directory; made when it is missing. */
  readonly directory: string;
  readonly bootId: string;
  readonly key: Buffer;
  readonly addresses: readonly string[];
  /** The user that the directory must belong to. */
  readonly uid: number;
}

/** A key file on disk. */
export interface WrittenKeyFile {
  readonly path: string;
  /** Puts another key in its place, in one step; the error is one sentence, and the old one stays. */
  replace(key: Buffer): Promise<Result<null, string>>;
  /** Removes it, if it is still the one that was written. */
  remove(): Promise<void>;
}

/**
 * Puts the key where only this user can read it. Others of this user find it by boot id. The error
 * is one sentence; then nothing was written.
 */
export async function writeKeyFile(
  options: KeyFileOptions,
): Promise<Result<WrittenKeyFile, string>> {
  const { directory, bootId } = options;
  if (!isBootId(bootId)) return err('the boot id is not made of hexadecimal digits and dashes');
  const text = contentOf(options, options.key);
  if (Buffer.byteLength(text) > MAX_KEY_FILE) {
    return err(OWNERSHIP_PROBLEMS.keyFileTooLong(MAX_KEY_FILE));
  }
  const path = join(directory, `${bootId}.key`);
  let written: Stats;
  const put = async (content: string): Promise<Result<null, string>> => {
    try {
      const remedy = 'set XDG_RUNTIME_DIR to a folder of your own';
      const checked = privateDirectory(directory, { uid: options.uid, remedy });
      if (!checked.ok) return checked;
      written = await writeAtomically(path, content);
      return ok(null);
    } catch (error) {
      return err(OWNERSHIP_PROBLEMS.keyFileUnwritten(path, messageOf(error)));
    }
  };
  const first = await put(text);
  if (!first.ok) return first;
  return ok({
    path,
    replace: (key) => put(contentOf(options, key)),
    remove: () => removeIfSame(path, written),
  });
}

function contentOf({ bootId, addresses }: KeyFileOptions, key: Buffer): string {
  const content: KeyFile = {
    boot_id: bootId,
    key: key.toString('hex'),
    addresses,
    pid: process.pid,
    pid_namespace: pidNamespace(),
  };
  return JSON.stringify(content);
}

/** Names the process-id numbering that this process lives in; empty where there is no /proc. */
export function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** Nobody ever sees a part of the file, and no file or link of another name is written through. */
async function writeAtomically(path: string, text: string): Promise<Stats> {
  const draft = `${path}.${process.pid}.draft`;
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const file = await open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(text);
    const stats = await file.stat();
    await rename(draft, path);
    return stats;
  } catch (error) {
    await unlink(draft).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

async function removeIfSame(path: string, written: Stats): Promise<void> {
  try {
    const there = await lstat(path);
    if (there.ino === written.ino && there.dev === written.dev) await unlink(path);
  } catch {
    // Gone already, or out of reach: nothing is left to do.
  }
}
