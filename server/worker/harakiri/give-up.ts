import type { ServerResponse } from 'node:http';
import { markGivenUp, refusalBytes } from '../../http/giving-up.js';

/** How long a client gets to close its side, so that unread bytes of its own do not void the 504. */
const CLOSE_MS = 500;

const TIMED_OUT = { status: 504, reason: 'the request took too long' } as const;

/**
 * Gives a request up that took too long: its client gets 504, or, when an answer has begun, the end
 * of the connection. Not through the response, where the application may still write and would
 * throw: a destroyed one swallows that. Nothing else on the connection reaches the application.
 */
export function giveUpRequest(response: ServerResponse): void {
  const { socket, method } = response.req;
  markGivenUp(socket);
  const isUnanswered = !response.headersSent && response.socket !== null && socket.writable;
  if (isUnanswered) response.statusCode = TIMED_OUT.status; // For the request log.
  response.destroyed = true;
  if (!isUnanswered) {
    socket.destroy();
    return;
  }
  const answer = refusalBytes(TIMED_OUT);
  // RFC 9110 §9.3.2: the answer to HEAD has no content.
  socket.end(method === 'HEAD' ? answer.slice(0, -TIMED_OUT.reason.length - 1) : answer);
  setTimeout(() => socket.destroy(), CLOSE_MS);
}
