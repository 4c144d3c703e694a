import type { OptionRow } from '../../../shared/options.js';
import { collectKeys, type IniKey } from './collect.js';
import { expandKeys } from './expand.js';
import type { NamedFile } from './formats.js';
import { type SortedOut, sortOut } from './sort-out.js';
import type { IniWorld } from './world.js';

/**
 * Reads files as a uWSGI does, in the order of their names on the command line: `FILE` with its
 * sections [uwsgi] and [tsuwsgi], or `FILE:SECTION`. `placed` are placeholders from elsewhere.
 */
export function readFiles(
  files: readonly NamedFile[],
  world: IniWorld,
  table: readonly OptionRow[],
  placed: readonly IniKey[] = [],
): SortedOut {
  return sortOut(expandKeys(collectKeys(files, world, table, placed), world), table);
}
