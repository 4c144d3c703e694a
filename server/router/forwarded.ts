/** Who sent a request, as far as the connection tells. */
export interface Peer {
  /** The address; empty for a unix socket. */
  readonly address: string;
  /** Whether what it says of its own clients is believed. */
  readonly isTrusted: boolean;
  readonly isEncrypted: boolean;
  /** What the certificate says that it has shown, as lines of a head; none: empty. */
  readonly certificate: string;
  /** Its port and the one it connected to; neither for a unix socket. */
  readonly port?: number | undefined;
  readonly localPort?: number | undefined;
}

/** What a request said in its forwarding fields; several lines of a name are joined. */
export interface Claims {
  readonly for: string;
  readonly proto: string;
  readonly host: string;
  readonly forwarded: string;
  /** Lines about the certificate of the peer's own client. */
  readonly certificate: string;
}

export const NO_CLAIMS: Claims = { for: '', proto: '', host: '', forwarded: '', certificate: '' };

/**
 * The fields that tell the worker who asks, as lines of a head. What a trusted peer claimed is
 * kept: its lists grow by the peer's own address, which therefore always comes last.
 */
export function forwardingLines(peer: Peer, claims: Claims, host: string): string {
  const said = peer.isTrusted ? claims : NO_CLAIMS;
  const address = peer.address === '' ? 'unknown' : peer.address;
  const proto = peer.isEncrypted ? 'https' : 'http';
  const element = `for=${nodeOf(peer.address)}${hostPart(host)};proto=${proto}`;
  return (
    `X-Forwarded-For: ${joined(said.for, address)}\r\n` +
    `X-Forwarded-Proto: ${said.proto === '' ? proto : said.proto}\r\n` +
    forwardedHost(said.host === '' ? host : said.host) +
    `Forwarded: ${joined(said.forwarded, element)}\r\n` +
    (peer.certificate === '' ? said.certificate : peer.certificate)
  );
}

function forwardedHost(host: string): string {
  return host === '' ? '' : `X-Forwarded-Host: ${host}\r\n`;
}

function joined(list: string, last: string): string {
  return list === '' ? last : `${list}, ${last}`;
}

/** RFC 7239 §6: an IPv6 address stands in brackets, and so in quotes. */
function nodeOf(address: string): string {
  if (address === '') return 'unknown';
  return address.includes(':') ? `"[${address}]"` : address;
}

/** A host with a port is no token and needs quotes. */
function hostPart(host: string): string {
  if (host === '') return '';
  return /^[\w.!#$%&'*+^`|~-]+$/.test(host) ? `;host=${host}` : `;host="${host}"`;
}

/** An IPv4 address that came over an IPv6 socket is one all the same. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
