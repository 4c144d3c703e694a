import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  authPayload,
  type AuthMessage,
  type ControlRefusal,
  type ReplyCode,
  type Role,
} from '../../shared/protocol.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { Keyring } from './keyring.js';
import type { Peer } from './peer.js';

/** Why an attempt to be authorised failed. */
export interface Refusal {
  readonly code: ReplyCode;
  readonly message: string;
}

/** Decides who may control this instance. */
export interface Authority {
  /** Why a role is not to be had on a connection, or null. */
  refusal(peer: Peer, role: Role): ControlRefusal | null;
  /** What a connection may do without proving anything. */
  roleOf(peer: Peer): Role | null;
  /**
   * Checks the answer to the challenge `serverNonce`. `reached` is the address of ours that the
   * connection came in on, as `formatAddress` writes it; null when it has none.
   */
  verify(answer: AuthMessage, serverNonce: string, reached: string | null): Result<null, Refusal>;
}

export interface AuthorityOptions {
  readonly bootId: string;
  readonly keys: Pick<Keyring, 'operate' | 'read'>;
  /** The addresses in the key file. */
  readonly addresses: readonly string[];
  readonly isLocal: (peer: Peer) => boolean;
}

/**
 * Rules: no key, no control; a connection that leaves the machine, none without TLS; a client
 * certificate of the right authority is proof enough by itself, also where there is no key file.
 */
export function authority(options: AuthorityOptions): Authority {
  const { addresses, keys } = options;
  const isSafe = (peer: Peer): boolean => peer.tls !== undefined || options.isLocal(peer);
  const hasOperator = (peer: Peer): boolean => peer.tls?.operator != null;
  return {
    refusal(peer, role) {
      const key = keys.operate();
      const isAboutReading = role === 'read' && keys.read !== null;
      if (typeof key === 'string' && !isAboutReading) {
        return key === 'no-key' && hasOperator(peer) ? null : key;
      }
      return isSafe(peer) ? null : 'needs-tls';
    },
    roleOf(peer) {
      if (!hasOperator(peer)) return null;
      return keys.operate() === 'read-only' ? 'read' : 'operate';
    },
    verify(answer, serverNonce, reached) {
      const accepted = answer.role === 'read' ? [keys.operate(), keys.read] : [keys.operate()];
      const given = Buffer.from(answer.mac, 'hex');
      // Every key is tried, so that the time does not tell which one fitted.
      const fits = accepted.map((key) => {
        if (key === null || typeof key === 'string') return false;
        return sameBytes(macOf(answer, serverNonce, options.bootId, key), given);
      });
      if (!fits.includes(true)) return err({ code: 'bad-key', message: 'The key does not fit.' });
      // The client proved the key to the address it dialled. When that is not ours, somebody who
      // listens there passed our challenge on to it, and sits in between.
      if (!addresses.includes(answer.address) && answer.address !== reached) {
        return err({
          code: 'bad-key',
          message: 'The address under the proof is none of this server; dial one of its own.',
        });
      }
      return ok(null);
    },
  };
}

function macOf(answer: AuthMessage, serverNonce: string, bootId: string, key: Buffer): Buffer {
  const { role, address, nonce: clientNonce } = answer;
  const payload = authPayload({ role, bootId, serverNonce, clientNonce, address });
  return createHmac('sha256', key).update(payload).digest();
}

/** Compares in a time that tells nothing about where they differ. */
export function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
