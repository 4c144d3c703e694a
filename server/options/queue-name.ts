import { problemOf } from '../../shared/result.js';
import { isRedisUrl, parseRedisAddress, withoutPassword } from '../queue/redis/address.js';
import { type Problem, within } from '../../shared/problem.js';
import { SYNTAX_PROBLEMS } from './problems/values.js';

/** Why a `--spooler` cannot be used; null when it can. */
export function checkQueue(text: string): Problem | null {
  if (text.trim() === '') return SYNTAX_PROBLEMS.queueNameless(text);
  if (isRedisUrl(text)) {
    const problem = problemOf(parseRedisAddress(text));
    return problem === null ? null : within(withoutPassword(text), problem);
  }
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text.trim()) ?? [];
  if (scheme === undefined) return null;
  return SYNTAX_PROBLEMS.queueScheme(scheme);
}
