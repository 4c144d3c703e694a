import type { ClientSide } from '../client-side.js';
import type { ClientRequest } from '../request-head.js';
import { CompressingClient } from './compressing-client.js';
import { Room } from './room.js';
import { wishOf } from './wish.js';

/** Puts the compressing of answers between an exchange and its client, where it is switched on. */
export function compression(
  isOn: boolean,
): (client: ClientSide, request: ClientRequest) => ClientSide {
  if (!isOn) return (client) => client;
  const room = new Room();
  return (client, request) => new CompressingClient(client, wishOf(request), room);
}
