import { formatAddress, parseAddress } from '../../shared/address.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { ForeignBackend } from '../router/foreign.js';
import type { Problem } from '../../shared/problem.js';
import { SYNTAX_PROBLEMS } from './problems/values.js';

const FORMS =
  'write uwsgi://host:port, uwsgi:///path, http://host:port or http:///path; without uwsgi:// or http:// it is a uwsgi socket';

/**
 * Reads a back end. An address without a scheme is a uwsgi socket, as in uWSGI; three slashes begin
 * the path of a unix socket, whichever protocol is spoken there.
 */
export function readBackend(text: string): Result<ForeignBackend, Problem> {
  const [, scheme, rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/i.exec(text.trim()) ?? [];
  const protocol = readProtocol(text, scheme);
  if (!protocol.ok) return protocol;
  const isUrl = scheme !== undefined && !rest.startsWith('/');
  const address = parseAddress(isUrl ? withPort(rest, protocol.value) : rest);
  if (!address.ok) return err(SYNTAX_PROBLEMS.backendAddress(address.error, FORMS));
  const at = address.value;
  if (at.kind === 'abstract') return err(SYNTAX_PROBLEMS.backendAbstract(text, FORMS));
  if (at.kind === 'unix' && isUrl) {
    return err(SYNTAX_PROBLEMS.backendPath(text, FORMS));
  }
  return place(text, protocol.value, at);
}

function readProtocol(text: string, scheme = 'uwsgi'): Result<ForeignBackend['protocol'], Problem> {
  const lower = scheme.toLowerCase();
  if (lower === 'http' || lower === 'uwsgi') return ok(lower);
  if (lower === 'https') {
    return err(SYNTAX_PROBLEMS.backendTls(text));
  }
  return err(SYNTAX_PROBLEMS.backendScheme(text, lower, FORMS));
}

/** Without a host it is on this machine. */
function place(
  text: string,
  protocol: ForeignBackend['protocol'],
  at: ForeignBackend['at'],
): Result<ForeignBackend, Problem> {
  if (at.kind === 'unix') return ok({ name: `${protocol}://${at.path}`, protocol, at });
  if (at.port === 0) {
    return err(SYNTAX_PROBLEMS.backendPort(text));
  }
  const near = at.host === '' ? { ...at, host: '127.0.0.1' } : at;
  return ok({ name: `${protocol}://${formatAddress(near)}`, protocol, at: near });
}

/** A URL of http without a port means 80; its lone slash at the end means nothing. */
function withPort(rest: string, protocol: ForeignBackend['protocol']): string {
  const authority = rest.endsWith('/') ? rest.slice(0, -1) : rest;
  const hasPort = /:\d*$/.test(authority.replace(/\[[^\]]*\]/, ''));
  const isBare = protocol === 'http' && /^[^/]+$/.test(authority) && !hasPort;
  return isBare ? `${authority}:80` : authority;
}

/** Why a `--http-to` cannot be used; null when it can. */
export function checkBackend(text: string): Problem | null {
  const backend = readBackend(text);
  return backend.ok ? null : backend.error;
}

/** All back ends, which were checked before; one that is named twice counts once. */
export function foreignBackends(texts: readonly string[]): readonly ForeignBackend[] {
  const named = new Map<string, ForeignBackend>();
  for (const text of texts) {
    const backend = readBackend(text);
    if (backend.ok && !named.has(backend.value.name)) named.set(backend.value.name, backend.value);
  }
  return [...named.values()];
}
