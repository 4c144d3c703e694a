import { placeOf } from '../queue/place.js';
import { isRedisUrl } from '../queue/redis/address.js';
import type { Options } from './table.js';
import type { Problem } from '../../shared/problem.js';
import { TOGETHER_PROBLEMS } from './problems/together.js';

/** What the options say of spoolers must agree. */
export function spoolerProblem(options: Options): Problem | null {
  const isSpooling = options.spooler.length > 0;
  const file = options['spooler-import'];
  if (isSpooling && file === undefined) {
    return TOGETHER_PROBLEMS.spoolerNoTasks(options.spooler[0] ?? '');
  }
  if (!isSpooling && file !== undefined) {
    return TOGETHER_PROBLEMS.spoolerNoQueue(file);
  }
  const redis = options.spooler.find(isRedisUrl);
  const password = options['spooler-redis-password-file'];
  if (password !== undefined && redis === undefined) {
    return TOGETHER_PROBLEMS.spoolerNoRedis(password);
  }
  if (!options['spooler-ordered']) return null;
  if (redis !== undefined) {
    return TOGETHER_PROBLEMS.spoolerOrderedRedis(redis);
  }
  for (const name of ['spooler-processes', 'spooler-concurrency'] as const) {
    if (options[name] > 1) {
      return TOGETHER_PROBLEMS.spoolerOrderedMany(name, options[name]);
    }
  }
  return null;
}

/** The queues of `--spooler`, each once: absolute paths, and whole URLs. */
export function queuePlaces({ spooler }: Pick<Options, 'spooler'>, cwd: string): readonly string[] {
  return [...new Set(spooler.map((name) => placeOf(name, cwd)))];
}
