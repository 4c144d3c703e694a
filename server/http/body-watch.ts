import type http from 'node:http';
import type { OnGateRefused, Refusal } from './refusal.js';
import { endWith, markGivenUp, refusalBytes } from './giving-up.js';
import { BODY_TOO_LARGE } from './limits.js';

export const FORBIDDEN_TRAILER = {
  code: 'forbidden_trailer',
  status: 400,
  reason: 'a field in the trailers that belongs to the headers',
} as const satisfies Refusal;

/**
 * Fields that a trailer must not carry (RFC 9110 §6.5.1): framing, routing, conditions,
 * authentication, and what tells how to read the content.
 */
const FORBIDDEN_TRAILERS = new Set(
  (
    'host content-length transfer-encoding trailer te connection keep-alive upgrade expect ' +
    'content-type content-encoding content-range content-language range cache-control pragma ' +
    'max-forwards if-match if-none-match if-modified-since if-unmodified-since if-range ' +
    'authorization proxy-authorization proxy-connection cookie forwarded x-forwarded-for ' +
    'x-forwarded-host x-forwarded-proto'
  ).split(' '),
);

/** The first forbidden field of `rawTrailers`, in lower case, or null. */
export function forbiddenTrailer(rawTrailers: readonly string[]): string | null {
  for (let i = 0; i < rawTrailers.length; i += 2) {
    const name = rawTrailers[i]?.toLowerCase() ?? '';
    if (FORBIDDEN_TRAILERS.has(name)) return name;
  }
  return null;
}

/**
 * Looks at a chunked body as it comes: more bytes than `limit` (0 for none), or a forbidden field in
 * the trailers, which are looked at before its end, mean that the end never comes. The application
 * sees the client leave, and the client gets an answer if its own had not begun.
 */
export function watchBody(
  req: http.IncomingMessage,
  res: http.ServerResponse,
  limit: number,
  onRefused?: OnGateRefused,
): void {
  const push = req.push.bind(req);
  let bytes = 0;
  const refuse = (refused: Refusal): boolean => {
    // What still comes is for nobody.
    req.push = () => true;
    giveUp(req, res, refused);
    onRefused?.(refused, req, res);
    return false;
  };
  // Node pushes the end of the body right after it has stored the trailers.
  req.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    if (chunk === null) {
      const isForbidden = forbiddenTrailer(req.rawTrailers) !== null;
      return isForbidden ? refuse(FORBIDDEN_TRAILER) : push(chunk, encoding);
    }
    bytes += chunk.length;
    return limit > 0 && bytes > limit ? refuse(BODY_TOO_LARGE) : push(chunk, encoding);
  };
}

/**
 * Not through `res`, where the application may still write and would throw: a destroyed response
 * swallows that. A response behind others on its connection has no socket yet.
 */
function giveUp(req: http.IncomingMessage, res: http.ServerResponse, refused: Refusal): void {
  const { socket } = req;
  markGivenUp(socket);
  const unanswered = !res.headersSent && res.socket !== null && socket.writable;
  if (unanswered) res.statusCode = refused.status; // For the request log.
  res.destroyed = true;
  if (!unanswered) {
    socket.destroy();
    return;
  }
  endWith(socket, refusalBytes(refused, socket));
}
