import { createHmac, randomBytes } from 'node:crypto';
import { authPayload, type AuthMessage, type Role } from '../../shared/protocol.js';

/** Answers a challenge as a dashboard does; `over` swaps fields after the proof was made. */
export function prove(
  key: Buffer,
  fields: { bootId: string; serverNonce: string; address: string; role?: Role },
  over: Partial<AuthMessage> = {},
): AuthMessage {
  const nonce = randomBytes(32).toString('hex');
  const role = fields.role ?? 'operate';
  const payload = authPayload({ ...fields, role, clientNonce: nonce });
  const mac = createHmac('sha256', key).update(payload).digest('hex');
  return { type: 'auth', role, nonce, address: fields.address, mac, ...over };
}
