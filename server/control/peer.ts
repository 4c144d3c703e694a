import { isIPv4 } from 'node:net';
import { formatAddress } from '../../shared/address.js';

/** The two ends of an accepted connection, as far as they decide about control. */
export interface Peer {
  /** `unix` also for abstract sockets: the other end is a process of this machine. */
  readonly kind: 'tcp' | 'unix';
  /** The IP address of the client; undefined when the connection is already gone. */
  readonly remoteAddress: string | undefined;
  /** The IP address of ours that it reached. */
  readonly localAddress: string | undefined;
  readonly localPort?: number | undefined;
  /** Present when the connection is encrypted. */
  readonly tls?: {
    /** The name in a client certificate that was verified; null without one. */
    readonly operator: string | null;
  };
}

/** The address of ours that a connection reached, as `formatAddress` writes it; null on unix. */
export function reachedAddress(peer: Peer): string | null {
  const { kind, localAddress, localPort } = peer;
  if (kind === 'unix' || localAddress === undefined || localPort === undefined) return null;
  const host = localAddress.replace(/^::ffff:(?=\d)/i, '');
  return formatAddress({ kind: 'tcp', host, port: localPort });
}

/**
 * Whether a connection stays on this machine, so that nobody can read along or take it over.
 * Both ends must be loopback: a packet with a forged source could still reach a public address.
 */
export function isLocal(peer: Peer): boolean {
  if (peer.kind === 'unix') return true;
  return isLoopback(peer.remoteAddress) && isLoopback(peer.localAddress);
}

/** 127.0.0.0/8 (RFC 1122 §3.2.1.3), ::1, and the first mapped into IPv6 by a dual-stack socket. */
function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.replace(/^::ffff:/i, '');
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}
