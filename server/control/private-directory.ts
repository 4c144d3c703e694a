import { chownSync, lstatSync, mkdirSync } from 'node:fs';
import type { Problem } from '../../shared/problem.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import { FOLDER_PROBLEMS } from '../problems/folders.js';

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
export function privateDirectory(directory: string, owner: PrivateOwner): Result<null, Problem> {
  const { uid, gid, remedy } = owner;
  try {
    const made = makeDirectory(directory);
    if (made && gid !== undefined && uid !== process.geteuid?.()) chownSync(directory, uid, gid);
    const there = lstatSync(directory);
    if (there.isSymbolicLink()) return err(FOLDER_PROBLEMS.isLink(directory, remedy));
    if (!there.isDirectory()) return err(FOLDER_PROBLEMS.isFile(directory, remedy));
    if (there.uid !== uid) return err(FOLDER_PROBLEMS.isAnothers(directory, there.uid, remedy));
    if ((there.mode & 0o077) !== 0) {
      return err(FOLDER_PROBLEMS.isOpen(directory, remedy));
    }
    return ok(null);
  } catch (error) {
    return err(FOLDER_PROBLEMS.isUnusable(directory, messageOf(error), remedy));
  }
}

/** Whether it was missing. */
function makeDirectory(directory: string): boolean {
  if (lstatSync(directory, { throwIfNoEntry: false }) !== undefined) return false;
  try {
    return mkdirSync(directory, { recursive: true, mode: 0o700 }) !== undefined;
  } catch {
    // Asked for all the folders above, too, Node calls a read-only file system a missing folder.
    mkdirSync(directory, { mode: 0o700 });
    return true;
  }
}
