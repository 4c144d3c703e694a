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
export function parseAddress(text: string): Result<Address, string> {
  const value = text.trim();
  if (value === '') return err('the address is empty: write host:port, :port, /path.sock or @name');
  if (value.startsWith('@')) return parseAbstract(value);
  if (/^\d+$/.test(value)) return withPort('', value, value);
  const v6 = /^\[([^\]]*)\]:(.*)$/.exec(value);
  if (v6) return parseV6(v6[1] ?? '', v6[2] ?? '', value);
  const colon = value.lastIndexOf(':');
  if (colon >= 0 && !value.includes('/')) return parseHostPort(value, colon);
  return parsePath(value);
}

function parseAbstract(value: string): Result<Address, string> {
  const name = value.slice(1);
  if (name === '') return err(`"${value}" names no abstract socket: write @name`);
  return ok({ kind: 'abstract', name });
}

function parseV6(host: string, port: string, value: string): Result<Address, string> {
  if (!/^[0-9a-fA-F:.]+(%[\w.-]+)?$/.test(host) || !host.includes(':')) {
    return err(`"${value}": "${host}" is not an IPv6 address`);
  }
  return withPort(host, port, value);
}

function parseHostPort(value: string, colon: number): Result<Address, string> {
  const host = value.slice(0, colon);
  if (host.includes(':')) {
    return err(`"${value}": write an IPv6 address in brackets, such as [::1]:9191`);
  }
  if (host !== '' && !/^[\w.-]+$/.test(host)) return err(`"${value}": "${host}" is no host name`);
  return withPort(host, value.slice(colon + 1), value);
}

function withPort(host: string, port: string, value: string): Result<Address, string> {
  const number = Number(port);
  if (!/^\d{1,5}$/.test(port) || number > 65_535) {
    return err(`"${value}": "${port}" is not a port (0 to 65535)`);
  }
  return ok({ kind: 'tcp', host, port: number });
}

function parsePath(value: string): Result<Address, string> {
  if (!value.includes('/') && !value.endsWith('.sock')) {
    return err(`"${value}" is neither host:port, :port, a path with "/" nor @name`);
  }
  const bytes = new TextEncoder().encode(value).length;
  if (bytes > MAX_UNIX_PATH) {
    return err(`the socket path is ${bytes} bytes long, the limit is ${MAX_UNIX_PATH}: ${value}`);
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
