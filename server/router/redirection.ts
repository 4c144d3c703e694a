import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Peer } from './forwarded.js';

/** Where a client shall ask again. */
export type Redirection =
  | { readonly location: string }
  /** Its request names no host to which it could be sent. */
  | 'no host';

/** What stands in an address without its port: a name, an IPv4 address, or an IPv6 one in brackets. */
const HOST = /^([A-Za-z0-9_](?:[A-Za-z0-9._-]*)|\[[0-9A-Fa-f:.]+\])(?::\d*)?$/;

const DEFAULT_PORT = 443;

/**
 * Where a request without TLS is sent; null: it is served, since nothing is redirected, or it came by
 * TLS to here or to a trusted proxy before.
 */
export function redirection(
  port: number | undefined,
  peer: Pick<Peer, 'isEncrypted' | 'isTrusted'>,
  { headers, url = '' }: Pick<IncomingMessage, 'headers' | 'url'>,
): Redirection | null {
  if (port === undefined || peer.isEncrypted) return null;
  if (peer.isTrusted && headers['x-forwarded-proto'] === 'https') return null;
  const host = HOST.exec(headers.host ?? '')?.[1];
  if (host === undefined) return 'no host';
  // The target of a request in absolute form names its host itself, which Host need not be.
  const path = url.startsWith('/') ? url : '/';
  return { location: `https://${host}${port === DEFAULT_PORT ? '' : `:${port}`}${path}` };
}

/** 308, with which a form that was sent is sent again; its body is not read here. */
export function answerRedirection(
  request: IncomingMessage,
  response: ServerResponse,
  location: string,
): void {
  const hasBody = request.headers['content-length'] ?? request.headers['transfer-encoding'];
  response.writeHead(308, {
    ...{ Location: location, 'Content-Length': 0 },
    ...(hasBody !== undefined && { Connection: 'close' }),
  });
  response.end();
}
