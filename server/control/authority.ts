import { createHmac, timingSafeEqual } from 'node:crypto';
import { authPayload, type AuthMessage, type ControlRefusal } from '../../shared/protocol.js';
import type { ReplyCode } from '../../shared/protocol.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { Peer } from './peer.js';

/** Why an attempt to be authorised failed. */
export interface Refusal {
  readonly code: ReplyCode;
  readonly message: string;
}

/** Decides who may control this instance. */
export interface Authority {
  /** Why control is not to be had on a connection, or null. */
  refusal(peer: Peer): ControlRefusal | null;
  /** Checks the answer to the challenge `serverNonce`. */
  verify(answer: AuthMessage, serverNonce: string): Result<null, Refusal>;
}

export interface AuthorityOptions {
  readonly bootId: string;
  /** The key, or why there is none. */
  readonly key: Buffer | 'read-only' | 'no-key';
  /** The addresses in the key file. */
  readonly addresses: readonly string[];
  readonly isLocal: (peer: Peer) => boolean;
}

/** Rules: no key, no control; a connection that leaves the machine, none without TLS. */
export function authority(options: AuthorityOptions): Authority {
  const { key, addresses } = options;
  return {
    refusal(peer) {
      if (typeof key === 'string') return key;
      return options.isLocal(peer) ? null : 'needs-tls';
    },
    verify(answer, serverNonce) {
      const mac = macOf(answer, serverNonce, options.bootId, key);
      if (mac === null || !sameBytes(mac, Buffer.from(answer.mac, 'hex'))) {
        return err({ code: 'bad-key', message: 'The key does not fit.' });
      }
      // The client proved the key to the address it dialled. When that is not ours, somebody who
      // listens there passed our challenge on to it, and sits in between.
      if (!addresses.includes(answer.address)) {
        return err({
          code: 'bad-key',
          message: 'The address under the proof is none of this server; dial one of its own.',
        });
      }
      return ok(null);
    },
  };
}

function macOf(
  answer: AuthMessage,
  serverNonce: string,
  bootId: string,
  key: AuthorityOptions['key'],
): Buffer | null {
  if (typeof key === 'string') return null;
  const { role, address, nonce: clientNonce } = answer;
  const payload = authPayload({ role, bootId, serverNonce, clientNonce, address });
  return createHmac('sha256', key).update(payload).digest();
}

/** Compares in a time that tells nothing about where they differ. */
function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
