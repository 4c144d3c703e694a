import path from 'node:path';
import { isRedisUrl, parseRedisAddress } from './redis/address.js';

/** The one name of a queue, however it was named: an absolute path, or a whole URL. */
export function placeOf(name: string, cwd: string): string {
  if (!isRedisUrl(name)) return path.resolve(cwd, name);
  const address = parseRedisAddress(name);
  // What is no address is refused by whoever opens it.
  return address.ok ? address.value.text : name;
}
