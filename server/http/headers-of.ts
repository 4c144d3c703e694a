import type { IncomingHttpHeaders } from 'node:http';

/** Fields of which the first one holds, as in Node's `message.headers`. */
const SINGLE = new Set([
  ...['age', 'authorization', 'content-length', 'content-type', 'etag', 'expires', 'from', 'host'],
  ...['if-modified-since', 'if-unmodified-since', 'last-modified', 'location', 'max-forwards'],
  ...['proxy-authorization', 'referer', 'retry-after', 'server', 'user-agent'],
]);

/** The fields of a request by their names in lower case, repeated ones as Node has them. */
export function headersOf(rawHeaders: readonly string[]): IncomingHttpHeaders {
  const found = new Map<string, string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? '';
    const value = rawHeaders[i + 1] ?? '';
    const before = found.get(name);
    if (before === undefined) found.set(name, value);
    else if (!SINGLE.has(name))
      found.set(name, `${before}${name === 'cookie' ? '; ' : ', '}${value}`);
  }
  // Not by assignment: `__proto__` is the name of a field like any other.
  return Object.fromEntries(found);
}
