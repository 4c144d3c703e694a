import { readFileSync } from 'node:fs';
import { messageOf } from '../../../shared/result.js';
import { QueueError } from '../queue-error.js';

/** In which workers and spoolers find the path of the file with the password of the Redis. */
export const PASSWORD_FILE_VARIABLE = 'TSUWSGI_REDIS_PASSWORD_FILE';

/** The password itself, where there is no file. */
export const PASSWORD_VARIABLE = 'TSUWSGI_REDIS_PASSWORD';

type Environment = Readonly<Record<string, string | undefined>>;

/** The password of the Redis, read anew for each connection that is opened; null: it takes none. */
export function readRedisPassword(env: Environment): string | null {
  const file = env[PASSWORD_FILE_VARIABLE] ?? '';
  if (file === '') return env[PASSWORD_VARIABLE] ?? null;
  const [line = ''] = read(file).split(/\r?\n/, 1);
  if (line !== '') return line;
  throw new QueueError('io', `${file}: its first line is empty: write the password of Redis there`);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const what = 'it must be readable by whoever opens the queue, and so by the user of --uid';
    throw new QueueError('io', `the password of Redis: ${messageOf(error)}: ${what}`, error);
  }
}
