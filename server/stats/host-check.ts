import { isIP } from 'node:net';

/**
 * Whether the `Host` of a request may be answered. A page that a browser loaded from elsewhere
 * can reach this port under its own name (DNS rebinding), but never under ours.
 */
export type HostVerdict = 'welcome' | 'missing' | 'several' | 'foreign';

/** The names under which the server answers, besides IP literals: lower case, without a port. */
export function allowedHosts(names: readonly string[]): ReadonlySet<string> {
  return new Set(['localhost', ...names].map(canonical).filter((name) => name !== ''));
}

/** Judges all `Host` fields of a request. HTTP/1.0 needs none (RFC 9112 §3.2 is about 1.1). */
export function checkHost(
  hosts: readonly string[],
  httpVersion: string,
  allowed: ReadonlySet<string>,
): HostVerdict {
  if (hosts.length > 1) return 'several';
  const host = hosts[0];
  if (host === undefined) return httpVersion === '1.0' ? 'welcome' : 'missing';
  const name = hostName(host);
  if (name === null) return 'foreign';
  return isIP(name) !== 0 || allowed.has(name) ? 'welcome' : 'foreign';
}

/**
 * Whether a WebSocket may be opened for this `Origin`. Browsers let any page open one, so only a
 * page of the very host and port asked for may; other programs send no `Origin` at all.
 */
export function checkOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  if (host === undefined || !/^https?:\/\//i.test(origin)) return false;
  const asked = authority(`${origin.slice(0, origin.indexOf(':'))}://${host}`);
  return asked !== null && authority(origin) === asked;
}

function authority(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}

/** The name in `name`, `name:port`, `[v6]` or `[v6]:port`; null for anything else. */
function hostName(host: string): string | null {
  const v6 = /^\[([0-9a-f:.]+)\](?::\d{1,5})?$/i.exec(host);
  if (v6) return v6[1] ?? null;
  const name = /^([\w.-]+)(?::\d{1,5})?$/.exec(host);
  return name ? canonical(name[1] ?? '') : null;
}

function canonical(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
