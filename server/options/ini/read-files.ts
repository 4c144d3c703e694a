import type { OptionRow } from '../../../shared/options.js';
import { collectKeys } from './collect.js';
import { expandKeys } from './expand.js';
import type { NamedFile } from './formats.js';
import { type SortedOut, sortOut } from './sort-out.js';
import type { IniWorld } from './world.js';

/**
 * Reads files as a uWSGI does, in the order of their names on the command line: `FILE` with its
 * sections [uwsgi] and [tsuwsgi], or `FILE:SECTION`.
 */
export function readFiles(
  files: readonly NamedFile[],
  world: IniWorld,
  table: readonly OptionRow[],
): SortedOut {
  return sortOut(expandKeys(collectKeys(files, world, table), world), table);
}
