import { err, ok, type Result } from '../../shared/result.js';
import type { ForeignBackend } from './foreign.js';
import type { Peer } from './forwarded.js';
import { BAD_TARGET, UPGRADE_WITH_BODY } from './refusals.js';
import { type ClientRequest, type RequestHead, requestHead } from './request-head.js';
import {
  type PacketWriter,
  type Unaskable,
  uwsgiPacket,
  uwsgiPacketLater,
} from './uwsgi-request.js';

/** A request as back ends are asked, and as those of the uwsgi protocol are, if there are any. */
export interface Asked {
  readonly head: RequestHead;
  readonly packet: Buffer | null;
  /** Writes that packet once all of the body is there; null: it can be asked at once. */
  readonly packetLater: PacketWriter | null;
}

/** Writes a request for whoever may be asked; `to`: the foreign back ends. Or why it is refused. */
export function askedOf(
  request: ClientRequest,
  peer: Peer,
  { upgrade, to }: { readonly upgrade: string | null; readonly to: readonly ForeignBackend[] },
): Result<Asked, Unaskable> {
  // HTTP/2 is not spoken here, and who asks for it takes an answer in HTTP/1.1 as well.
  const protocol = upgrade?.toLowerCase() === 'h2c' ? null : upgrade;
  const head = requestHead(request, peer, protocol);
  if (head === null) return err(BAD_TARGET);
  if (upgrade !== null && head.body !== 'none') return err(UPGRADE_WITH_BODY);
  const plain = { head, packet: null, packetLater: null };
  if (!to.some(({ protocol }) => protocol === 'uwsgi')) return ok(plain);
  if (head.body === 'chunked') {
    const later = uwsgiPacketLater(head, peer);
    return later.ok ? ok({ ...plain, packetLater: later.value }) : later;
  }
  const packet = uwsgiPacket(head, peer);
  return packet.ok ? ok({ ...plain, packet: packet.value }) : packet;
}
