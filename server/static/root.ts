import { fstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';

/** A folder that nothing is served from the outside of. */
export interface Root {
  readonly folder: string;
  /** Whether an open file lies in it, wherever the links led that it was found by. */
  contains(fd: number, path: string): boolean;
}

/** `safe` are folders that links may lead into. */
export function createRoot(folder: string, safe: readonly string[]): Root {
  const find = (): string[] => [folder, ...safe].flatMap(realPathOf);
  let real = find();
  return {
    folder,
    contains(fd, path) {
      const place = placeOf(fd, path);
      if (place === null) return false;
      if (isInOneOf(place, real)) return true;
      // A deployment may have turned a link to the next release since this was last looked up.
      real = find();
      return isInOneOf(place, real);
    },
  };
}

/** With a separator: /srv/static2 is not in /srv/static. A root may be one file. */
function isInOneOf(place: string, roots: readonly string[]): boolean {
  return roots.some(
    (root) => place === root || place.startsWith(root.endsWith('/') ? root : `${root}/`),
  );
}

function realPathOf(path: string): string[] {
  try {
    return [realpathSync.native(path)];
  } catch {
    return [];
  }
}

/**
 * Where the file lies that a descriptor is of. The kernel knows that on Linux. Elsewhere the path is
 * resolved again and must lead to the same file, or somebody has changed it since it was opened.
 */
function placeOf(fd: number, path: string): string | null {
  try {
    if (process.platform === 'linux') return readlinkSync(`/proc/self/fd/${fd}`);
    const real = realpathSync.native(path);
    const [opened, found] = [fstatSync(fd), statSync(real)];
    return opened.dev === found.dev && opened.ino === found.ino ? real : null;
  } catch {
    return null;
  }
}
