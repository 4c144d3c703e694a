import path from 'node:path';
import type { CommandLine } from '../../shared/command-line.js';
import type { Setting } from '../../shared/options.js';
import { isAction } from '../instance-command/request.js';
import { visible } from '../request-log/escape.js';
import { readEnvironment } from './environment.js';
import { withoutEffectNote } from './ini/foreign.js';
import { type NamedFile, namedByItself, namedByOption } from './ini/formats.js';
import { readFiles } from './ini/read-files.js';
import type { IniWorld } from './ini/world.js';
import { placedBySet, readSet } from './set.js';
import { OPTIONS } from './table.js';
import { type Problem, within } from '../../shared/problem.js';
import { TOGETHER_PROBLEMS } from './problems/together.js';

/** What was written for an instance, where an entry holds against those before it. */
export interface Sources {
  readonly settings: readonly Setting[];
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

type Line = Extract<CommandLine, { kind: 'run' }>;

/**
 * Puts together what the files, the environment and the command line say, in this order. Files are
 * those of the environment, the operands, and those of options, as they stand there.
 */
export function gather({ settings: line, operands, idle }: Line, world: IniWorld): Sources {
  const environment = readEnvironment(OPTIONS, world.env);
  const { settings: named, problems } = readSet([...environment.settings, ...line], OPTIONS);
  const files = fromFiles(
    [
      ...filesOf(environment.settings),
      ...operands.map(namedByItself),
      ...filesOf(line),
      ...named.filter(({ name }) => name === 'inherit').map(({ value }) => namedByItself(value)),
    ],
    world,
    named,
  );
  const orders = [...files.settings, ...environment.settings]
    .filter(({ name }) => isAction(name))
    .map(({ name, origin }) => within(origin, TOGETHER_PROBLEMS.orderInFile(name)));
  return {
    settings: [...files.settings, ...named],
    notes: [...(idle.length === 0 ? [] : [withoutEffectNote(new Set(idle))]), ...files.notes],
    problems: [...files.problems, ...environment.problems, ...problems, ...orders],
  };
}

function filesOf(settings: readonly Setting[]): NamedFile[] {
  return settings.map(namedByOption).filter((file) => file !== null);
}

/** What files say, beside `others` that are written elsewhere, with the paths of an application and of a password as they are meant there. */
export function fromFiles(
  files: readonly NamedFile[],
  world: IniWorld,
  others: readonly Setting[],
): Sources {
  if (files.length === 0) return { settings: [], notes: [], problems: [] };
  const { settings, notes, problems } = readFiles(files, world, OPTIONS, placedBySet(others));
  const isMoved = [...settings, ...others].some(({ name }) => name === 'chdir');
  const beside = settings.map(({ file, name, value, origin }) =>
    isMoved ? { name, value, origin } : besideFile({ name, value, origin }, file),
  );
  return { settings: beside, notes: notes.map(visible), problems };
}

/**
 * A path of these is meant relative to the file that it stands in, wherever tsuwsgi is started; with
 * --chdir everything is relative to that folder, as in uWSGI.
 */
export const BESIDE_FILE: ReadonlySet<string> = new Set([
  'module',
  'm',
  'spooler-import',
  'spooler-redis-password-file',
]);

function besideFile(setting: Setting, file: string): Setting {
  const folder = path.dirname(file);
  if (setting.name === 'import' && setting.value.startsWith('.')) {
    return { ...setting, value: path.resolve(folder, setting.value) };
  }
  if (!BESIDE_FILE.has(setting.name) || path.isAbsolute(setting.value)) return setting;
  return { ...setting, value: path.join(folder, setting.value) };
}
