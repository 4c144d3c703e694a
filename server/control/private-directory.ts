import { chownSync, lstatSync, mkdirSync } from 'node:fs';
import { err, messageOf, ok, type Result } from '../../shared/result.js';

/** Whose a folder has to be. */
export interface PrivateOwner {
  readonly uid: number;
  /** Only for a folder that is made for another user, which takes root. */
  readonly gid?: number;
  /** The end of a refusal: what to do instead. */
  readonly remedy: string;
}

/**
 * Makes a folder, or checks that the one there is its user's and closed to all others. The error is
 * one sentence.
 */
export function privateDirectory(directory: string, owner: PrivateOwner): Result<null, string> {
  const { uid, gid, remedy } = owner;
  try {
    const made = makeDirectory(directory);
    if (made && gid !== undefined && uid !== process.geteuid?.()) chownSync(directory, uid, gid);
    const there = lstatSync(directory);
    if (there.isSymbolicLink()) return err(`${directory} is a symbolic link; ${remedy}`);
    if (!there.isDirectory()) return err(`${directory} is no folder; ${remedy}`);
    if (there.uid !== uid) return err(`${directory} belongs to user ${there.uid}; ${remedy}`);
    if ((there.mode & 0o077) !== 0) {
      return err(`${directory} is open to other users; close it with chmod 700, or ${remedy}`);
    }
    return ok(null);
  } catch (error) {
    return err(`${directory} cannot be used: ${messageOf(error)}; ${remedy}`);
  }
}

/** Whether it was missing. */
function makeDirectory(directory: string): boolean {
  try {
    return mkdirSync(directory, { recursive: true, mode: 0o700 }) !== undefined;
  } catch {
    // Asked for all the folders above, too, Node calls a read-only file system a missing folder.
    mkdirSync(directory, { mode: 0o700 });
    return true;
  }
}
