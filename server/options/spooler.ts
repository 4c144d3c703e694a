import path from 'node:path';
import type { Options } from './table.js';

/** What the options say of spoolers must agree. */
export function spoolerProblem(options: Options): string | null {
  const isSpooling = options.spooler.length > 0;
  const file = options['spooler-import'];
  if (isSpooling && file === undefined) {
    return `--spooler ${options.spooler[0] ?? ''} has nothing to run tasks with: give --spooler-import FILE too, a module that calls task(name, run)`;
  }
  if (!isSpooling && file !== undefined) {
    return `--spooler-import ${file} has no queue to take tasks from: give --spooler DIR too`;
  }
  if (!options['spooler-ordered']) return null;
  for (const name of ['spooler-processes', 'spooler-concurrency'] as const) {
    if (options[name] > 1) {
      return `--${name} ${options[name]} beside --spooler-ordered: tasks in order are run one at a time, leave one of the two out`;
    }
  }
  return null;
}

/** The folders of `--spooler`, each once, as absolute paths. */
export function queueFolders(
  { spooler }: Pick<Options, 'spooler'>,
  cwd: string,
): readonly string[] {
  return [...new Set(spooler.map((folder) => path.resolve(cwd, folder)))];
}
