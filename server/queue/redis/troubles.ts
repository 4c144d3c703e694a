import { messageOf } from '../../../shared/result.js';
import { QUEUE_PROBLEMS } from '../../problems/queue.js';
import { QueueError, type QueueErrorCode } from '../queue-error.js';

type Remedy = readonly [RegExp, QueueErrorCode, string];

/** What a Redis answers that it cannot do, and what helps. */
const ANSWERS: readonly Remedy[] = [
  [/\bOOM\b/, 'full', 'its maxmemory is used up: raise it, or let tasks run'],
  [/^MISCONF/, 'full', 'it cannot write to its disk: see its log'],
  [/^READONLY/, 'read-only', 'it is a replica: name the primary'],
];

/** What it, or TLS, says when nobody is let in: waiting does not help. */
const REFUSALS: readonly Remedy[] = [
  [
    /^(NOAUTH|WRONGPASS|ERR AUTH)/,
    'io',
    'give --spooler-redis-password-file FILE with its password (tsuwsgi spool: --password-file FILE)',
  ],
  [
    /^NOPERM/,
    'io',
    'its user may not do that: give it all commands on the keys and channels tsuwsgi:*',
  ],
  [/does not match certificate's altnames/, 'io', 'name it as its certificate does'],
  [/certificate/, 'io', 'trust the authority of that with NODE_EXTRA_CA_CERTS=FILE, or renew it'],
];

const UNREACHABLE = 'see that it runs and can be reached';
const UNKNOWN = 'see its log';

/** Whether a Redis, or BullMQ's script in it, has answered that it did nothing. */
export function isAnswer(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'ReplyError' || typeof codeOf(error) === 'number';
}

/** Whether nobody is let in, for as long as nobody changes that. */
export function isRefusal(error: Error): boolean {
  return REFUSALS.some(([pattern]) => pattern.test(error.message));
}

/** The code of one of BullMQ's scripts; null: it is no such error. */
export function codeOf(error: unknown): number | null {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'number' ? code : null;
}

/** What the library says of a connection that broke is about its own settings. */
export function textOf(error: unknown): string {
  const isBroken = error instanceof Error && error.name === 'MaxRetriesPerRequestError';
  return isBroken ? 'the connection was lost' : messageOf(error);
}

/**
 * Makes a QueueError of what went wrong with a Redis. It has no cause: errors of the library carry
 * the arguments of their command, which may be the password or a payload.
 */
export function redisTrouble(queue: string, doing: string, error: unknown): QueueError {
  if (error instanceof QueueError) return error;
  const message = textOf(error);
  const known = [...ANSWERS, ...REFUSALS].find(([pattern]) => pattern.test(message));
  const [, code, remedy] = known ?? [null, 'io' as const, isAnswer(error) ? UNKNOWN : UNREACHABLE];
  return new QueueError(
    code,
    QUEUE_PROBLEMS.redisFails(`queue ${queue}: ${doing}`, message, remedy),
  );
}
