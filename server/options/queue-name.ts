import { problemOf } from '../../shared/result.js';
import { isRedisUrl, parseRedisAddress, withoutPassword } from '../queue/redis/address.js';

/** Why a `--spooler` cannot be used; null when it can. */
export function checkQueue(text: string): string | null {
  if (text.trim() === '') return 'it names no folder: write --spooler DIR';
  if (isRedisUrl(text)) {
    const problem = problemOf(parseRedisAddress(text));
    return problem === null ? null : `${withoutPassword(text)}: ${problem}`;
  }
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text.trim()) ?? [];
  if (scheme === undefined) return null;
  return `no queue is reached by ${scheme}://: name a folder, or redis://host:port/db#queue`;
}
