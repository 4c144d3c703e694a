import path from 'node:path';
import type { Options } from './table.js';

/** Why a `--spooler` cannot be used; null when it can. */
export function checkQueue(text: string): string | null {
  if (text.trim() === '') return 'it names no folder: write --spooler DIR';
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text.trim()) ?? [];
  if (scheme === undefined) return null;
  if (/^rediss?$/i.test(scheme)) {
    return 'a queue in Redis is not supported yet: name a folder';
  }
  return `no queue is reached by ${scheme}://: name a folder`;
}

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
