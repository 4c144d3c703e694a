import { isIP } from 'node:net';
import { createTrust } from '../http/trust.js';
import type { LoggedRequest } from './logged.js';

/**
 * Finds the address of a request's client. With peers that are trusted, what they say in
 * X-Forwarded-For is read from its end: each entry is believed as long as the one behind it is of a
 * trusted peer, so that nothing that a client wrote itself is.
 */
export function createClientFinder(
  trusted: readonly string[] | null,
): (request: LoggedRequest) => string {
  if (trusted === null) return ({ socket }) => plainPeer(socket.remoteAddress ?? '');
  const isTrusted = createTrust(trusted);
  return ({ socket, headers }) => {
    let address = plainPeer(socket.remoteAddress ?? '');
    for (const said of forwarded(headers['x-forwarded-for'])) {
      if (!isTrusted(address) || isIP(said) === 0) break;
      address = plainPeer(said);
    }
    return address;
  };
}

/** The last entry first. */
function forwarded(header: string | string[] | undefined): string[] {
  if (header === undefined) return [];
  const text = Array.isArray(header) ? header.join() : header;
  return text
    .split(',')
    .map((entry) => entry.trim())
    .reverse();
}

/** An IPv4 client of a dual-stack socket is known by its IPv4 address. */
export function plainPeer(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}
