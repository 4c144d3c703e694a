import path from 'node:path';
import { collectKeys } from '../../server/options/ini/collect.js';
import { expandKeys } from '../../server/options/ini/expand.js';
import { namedByItself } from '../../server/options/ini/formats.js';
import { machineWorld } from '../../server/options/ini/machine.js';
import { OPTIONS } from '../../server/options/table.js';

/** The tests run from dist/test/support, the files stand in the source tree. */
export const INI_CORPUS = path.join(import.meta.dirname, '../../../test/fixtures/uwsgi-ini');

/** The environment in which the corpus means something. */
export const INI_ENVIRONMENT: Readonly<Record<string, string>> = {
  INI_ONE: 'one',
  INI_TWO: 'two',
  INI_NAME: 'name',
  INI_FILE: 'word.txt',
  INI_REFERENCE: '%(name)',
};

/** Those of its files that are read on their own; the others are included. */
export const CORPUS_FILES = [
  'arithmetic.ini',
  'blocks.ini',
  'environment.ini',
  'files.ini',
  'include.ini',
  'inherit.ini',
  'lines.ini',
  'lists.yml',
  'logic.yml',
  'magic.ini',
  'mixed.ini',
  'placeholders.ini',
  'references.ini',
  'scalars.yml',
  'values.json',
] as const;

/** The file that holds what uWSGI computed from another. */
export function answerFile(file: string): string {
  return path.join(INI_CORPUS, `${path.parse(file).name}.expected`);
}

/** The keys of a file as `--show-config` of a uWSGI lists them, or what is wrong with it. */
export function computedHere(
  file: string,
  folder: string,
): { listed: string; problems: readonly string[] } {
  const world = { ...machineWorld(folder), env: INI_ENVIRONMENT };
  const { keys, problems } = expandKeys(collectKeys([namedByItself(file)], world, OPTIONS), world);
  return { listed: keys.map(({ name, value }) => `${name} = ${value}\n`).join(''), problems };
}
