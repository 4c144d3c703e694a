import type { Result } from '../../../shared/result.js';
import type { Magic } from './magic.js';

/** What an ini file may ask about the machine; tests have one of their own. */
export interface IniWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly hostname: string;
  /** A running master has started this one to take its place. */
  readonly isReload: boolean;
  /** The letters that are the same in every file. */
  readonly magic: Magic;
  /** The absolute path of a file without links, and its inode. */
  readonly locate: (
    file: string,
  ) => Result<{ readonly path: string; readonly inode: string }, string>;
  readonly read: (file: string) => Result<string, string>;
  readonly isReadable: (file: string) => boolean;
  readonly isFile: (file: string) => boolean;
  readonly isFolder: (file: string) => boolean;
  /** In order, folders with a slash at their end; the pattern itself if nothing matches. */
  readonly glob: (pattern: string) => readonly string[];
}
