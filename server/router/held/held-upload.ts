import { messageOf } from '../../../shared/result.js';
import type { ClientSide } from '../client-side.js';
import type { HeldUpload } from '../exchange.js';
import type { HeldBody } from './held-body.js';

/**
 * What was held of a client's body, as an exchange sends it on. Should the rest of it be lost, the
 * client is broken off: a back end never gets half of a body for the whole.
 */
export function heldUpload(
  held: HeldBody,
  client: ClientSide,
  desk: { log(line: string): void },
): HeldUpload {
  const body = held.read().on('error', (error: unknown) => {
    desk.log(`a held body cannot be read again: ${messageOf(error)}`);
    client.cut();
  });
  return {
    body,
    trailers: client.trailers,
    discard() {
      held.discard();
    },
  };
}
