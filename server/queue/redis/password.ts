import { readFileSync } from 'node:fs';
import { messageOf } from '../../../shared/result.js';
import { QUEUE_PROBLEMS } from '../../problems/queue.js';
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
  throw new QueueError('io', QUEUE_PROBLEMS.passwordEmpty(file));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new QueueError('io', QUEUE_PROBLEMS.passwordUnread(messageOf(error)), error);
  }
}
