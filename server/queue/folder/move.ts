import { join } from 'node:path';
import { codeOf, unlessGone, type Files } from './files.js';

/** Buckets are removed when they are empty, and made again: so often that may hit one move. */
const MOST_TRIES = 100;

/**
 * Renames a file into a folder, which is made where it is missing. False: the file is gone, which is
 * to say that somebody else was quicker.
 */
export async function moveInto(
  files: Files,
  from: string,
  folder: string,
  name: string,
): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    try {
      await files.rename(from, join(folder, name));
      return true;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || tries === MOST_TRIES) throw error;
    }
    if ((await unlessGone(files.facts(from))) === null) return false;
    await files.makeFolder(folder);
  }
}
