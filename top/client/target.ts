import { formatAddress, parseAddress, type Address } from '../../shared/address.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { TlsTarget } from './tls.js';

/** What tsuwsgitop was asked to look at. */
export interface Target {
  /**
   * `any`: a bare address, found out by listening first. `http`: polls by HTTP only. `live`: the
   * WebSocket only.
   */
  readonly kind: 'any' | 'http' | 'live';
  readonly address: Address;
  /** What is asked for by HTTP, with its query. */
  readonly path: string;
  /** The `Host` header. */
  readonly host: string;
  /** As the user wrote it. */
  readonly text: string;
  /** With `https://` and `wss://`: what the server has to prove, and what is proven to it. */
  readonly tls?: TlsTarget;
}

/**
 * Reads tsuwsgitop's ADDRESS: `host:port`, `:port`, `[v6]:port`, `/path.sock`, `@name`, or a URL
 * `http://host:port/path` or `ws://host:port/path`, `https` and `wss` among them. The error is one sentence with the remedy.
 */
export function parseTarget(text: string): Result<Target, string> {
  const value = text.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1]?.toLowerCase();
  if (scheme !== undefined) return parseUrl(value, scheme);
  const address = parseAddress(value);
  if (!address.ok) return address;
  if (address.value.kind === 'tcp' && address.value.port === 0) {
    return err(`"${value}": port 0 cannot be connected to`);
  }
  return ok({
    kind: 'any',
    address: address.value,
    path: '/stats',
    host: hostHeader(address.value),
    text: value,
  });
}

const KINDS: ReadonlyMap<string, 'http' | 'live'> = new Map([
  ['http', 'http'],
  ['https', 'http'],
  ['ws', 'live'],
  ['wss', 'live'],
]);

function parseUrl(value: string, scheme: string): Result<Target, string> {
  const kind = KINDS.get(scheme);
  if (kind === undefined) {
    return err(`"${value}": write http:// or ws://, ${scheme}:// is not spoken here`);
  }
  const isSecure = scheme.endsWith('s') && scheme !== 'ws';
  if (!URL.canParse(value)) return err(`"${value}" is not a URL`);
  const url = new URL(value);
  if (url.username !== '' || url.password !== '') {
    return err(`"${url.host}": a user name or password in the URL is not used, leave it out`);
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  const path = url.pathname === '/' ? '' : url.pathname;
  return ok({
    kind,
    address: { kind: 'tcp', host, port },
    path: (path === '' ? defaultPath(kind) : path) + url.search,
    host: url.host,
    text: value,
    ...(isSecure && { tls: { serverName: host } }),
  });
}

function defaultPath(kind: 'http' | 'live'): string {
  return kind === 'http' ? '/stats' : '/live';
}

/** A server checks `Host` against names that lead to it; `localhost` always does. */
function hostHeader(address: Address): string {
  if (address.kind !== 'tcp') return 'localhost';
  return formatAddress(address.host === '' ? { ...address, host: 'localhost' } : address);
}
