import { VALUE_PROBLEMS } from './option-problems.js';
import type { Problem } from './problem.js';
import { err, ok, type Result } from './result.js';

/** Where a server listens or a client connects. */
export type Address =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'abstract'; readonly name: string };

/** `sun_path` holds 108 bytes with its closing NUL; a longer path is silently cut by the kernel. */
export const MAX_UNIX_PATH = 107;

/**
 * Reads `host:port`, `:port`, `[v6]:port`, a bare port, `/path.sock`, `./path.sock` or `@name`.
 * `host` is empty in `:port`: what that means is the caller's to say. The error is one sentence
 * that names the value and the remedy.
 */
export function parseAddress(text: string): Result<Address, Problem> {
  const value = text.trim();
  if (value === '') return err(VALUE_PROBLEMS.addressEmpty());
  if (value.startsWith('@')) return parseAbstract(value);
  if (/^\d+$/.test(value)) return withPort('', value, value);
  const v6 = /^\[([^\]]*)\]:(.*)$/.exec(value);
  if (v6) return parseV6(v6[1] ?? '', v6[2] ?? '', value);
  const colon = value.lastIndexOf(':');
  if (colon >= 0 && !value.includes('/')) return parseHostPort(value, colon);
  return parsePath(value);
}

function parseAbstract(value: string): Result<Address, Problem> {
  const name = value.slice(1);
  if (name === '') return err(VALUE_PROBLEMS.addressNameless(value));
  return ok({ kind: 'abstract', name });
}

function parseV6(host: string, port: string, value: string): Result<Address, Problem> {
  if (!/^[0-9a-fA-F:.]+(%[\w.-]+)?$/.test(host) || !host.includes(':')) {
    return err(VALUE_PROBLEMS.addressNoV6(value, host));
  }
  return withPort(host, port, value);
}

function parseHostPort(value: string, colon: number): Result<Address, Problem> {
  const host = value.slice(0, colon);
  if (host.includes(':')) {
    return err(VALUE_PROBLEMS.addressBareV6(value));
  }
  if (host !== '' && !/^[\w.-]+$/.test(host)) return err(VALUE_PROBLEMS.addressNoHost(value, host));
  return withPort(host, value.slice(colon + 1), value);
}

function withPort(host: string, port: string, value: string): Result<Address, Problem> {
  const number = Number(port);
  if (!/^\d{1,5}$/.test(port) || number > 65_535) {
    return err(VALUE_PROBLEMS.addressNoPort(value, port));
  }
  return ok({ kind: 'tcp', host, port: number });
}

function parsePath(value: string): Result<Address, Problem> {
  if (!value.includes('/') && !value.endsWith('.sock')) {
    return err(VALUE_PROBLEMS.addressNothing(value));
  }
  const bytes = new TextEncoder().encode(value).length;
  if (bytes > MAX_UNIX_PATH) {
    return err(VALUE_PROBLEMS.addressTooLong(bytes, MAX_UNIX_PATH, value));
  }
  return ok({ kind: 'unix', path: value });
}

/** Writes an address as the user would: `host:port`, `[v6]:port`, a path or `@name`. */
export function formatAddress(address: Address): string {
  switch (address.kind) {
    case 'tcp':
      return address.host.includes(':')
        ? `[${address.host}]:${address.port}`
        : `${address.host}:${address.port}`;
    case 'unix':
      return address.path;
    case 'abstract':
      return `@${address.name}`;
  }
}
