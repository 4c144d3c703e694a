import { type Fields, isFields } from '../../shared/fields.js';

/** A certificate with its chain, and its key: PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** With what a router proves who it is on one of its sockets. */
export interface Credentials {
  /** The first is for clients that name no host that another one is for. */
  readonly pairs: readonly KeyPair[];
  /** Who signs the certificates that clients must show, PEM; null: they need none. */
  readonly clientCa: string | null;
  /** With which sessions are resumed by any router, base64. */
  readonly ticketKeys: string;
}

const MAX_PAIRS = 1000;

/** Reads credentials from the wire; null when they are none. */
export function readCredentialsFrame(value: Fields): Credentials | null {
  const { pairs, clientCa, ticketKeys } = value;
  if (!Array.isArray(pairs) || pairs.length > MAX_PAIRS || !pairs.every(isPair)) return null;
  if (clientCa !== null && typeof clientCa !== 'string') return null;
  if (typeof ticketKeys !== 'string') return null;
  return { pairs, clientCa, ticketKeys };
}

function isPair(value: unknown): value is KeyPair {
  return isFields(value) && typeof value['cert'] === 'string' && typeof value['key'] === 'string';
}
