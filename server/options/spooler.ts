import { placeOf } from '../queue/place.js';
import { isRedisUrl } from '../queue/redis/address.js';
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
  const redis = options.spooler.find(isRedisUrl);
  const password = options['spooler-redis-password-file'];
  if (password !== undefined && redis === undefined) {
    return `--spooler-redis-password-file ${password} has no Redis to be given to: give --spooler redis://host:port too`;
  }
  if (!options['spooler-ordered']) return null;
  if (redis !== undefined) {
    return `--spooler-ordered beside --spooler ${redis}: only a folder keeps tasks in order, since locks in a Redis run out while their holder may live: name a folder`;
  }
  for (const name of ['spooler-processes', 'spooler-concurrency'] as const) {
    if (options[name] > 1) {
      return `--${name} ${options[name]} beside --spooler-ordered: tasks in order are run one at a time, leave one of the two out`;
    }
  }
  return null;
}

/** The queues of `--spooler`, each once: absolute paths, and whole URLs. */
export function queuePlaces({ spooler }: Pick<Options, 'spooler'>, cwd: string): readonly string[] {
  return [...new Set(spooler.map((name) => placeOf(name, cwd)))];
}
