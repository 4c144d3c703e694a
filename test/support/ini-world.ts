import { globPaths } from '../../server/options/ini/glob.js';
import type { IniWorld } from '../../server/options/ini/world.js';
import { err, ok } from '../../shared/result.js';

/** A machine with these files, all in one folder, and this environment. */
export function iniWorld(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): IniWorld {
  const has = (file: string): boolean => Object.hasOwn(files, file);
  const missing = err('ENOENT');
  return {
    env,
    hostname: 'web1',
    isReload: false,
    magic: new Map([['h', 'web1']]),
    locate: (file) => (has(file) ? ok({ path: `/srv/conf/${file}`, inode: '7' }) : missing),
    read: (file) => (has(file) ? ok(files[file] ?? '') : missing),
    isReadable: has,
    isFile: has,
    isFolder: (file) => file === '/srv/conf',
    glob: (pattern) =>
      globPaths(pattern, () => Object.keys(files).map((name) => ({ name, isFolder: false }))),
  };
}
