import tls from 'node:tls';
import type { Server } from 'node:net';
import { sayOnEachAnswer } from '../http/connection-fields.js';

const NAME = 'Strict-Transport-Security';

/** Has it said in all that the router itself answers over HTTP/1.1 on the connections of a server with TLS. */
export function sayOverTls(server: Server, seconds: number | undefined): void {
  const said = transportSecurity(seconds, server instanceof tls.Server);
  if (said === null) return;
  // Before anything is read from it.
  server.prependListener('secureConnection', (socket: tls.TLSSocket) => {
    sayOnEachAnswer(socket, { [NAME]: said });
  });
}

/** The same as a field of HTTP/2. */
export function securityField(said: string | null): Readonly<Record<string, string>> {
  return said === null ? {} : { [NAME.toLowerCase()]: said };
}

/**
 * Adds to the fields of an answer that browsers shall come by HTTPS only (RFC 6797); null: nothing
 * is said. What the application says itself holds.
 */
export function withTransportSecurity(fields: string[], value: string | null): string[] {
  if (value === null) return fields;
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i]?.toLowerCase() === NAME.toLowerCase()) return fields;
  }
  fields.push(NAME, value);
  return fields;
}

/** What is said for so many seconds, on a connection with TLS only (RFC 6797 §7.2). */
export function transportSecurity(
  seconds: number | undefined,
  isEncrypted: boolean,
): string | null {
  return seconds === undefined || !isEncrypted ? null : `max-age=${seconds}`;
}
