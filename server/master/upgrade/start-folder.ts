import { statSync } from 'node:fs';

/**
 * The folder that a new master is to be started in. Where this one was started through a link, as
 * in `/srv/app/current`, it is the link: it may lead to the new release by then, while the working
 * directory of this process stays the old one's. `shellFolder` is `$PWD`.
 */
export function startFolder(cwd: string, shellFolder: string | undefined): string {
  if (!shellFolder?.startsWith('/')) return cwd;
  try {
    const [real, linked] = [statSync(cwd), statSync(shellFolder)];
    return real.ino === linked.ino && real.dev === linked.dev ? shellFolder : cwd;
  } catch {
    return cwd;
  }
}
