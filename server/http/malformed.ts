import type http from 'node:http';
import type { Duplex } from 'node:stream';
import type { Refusal } from './refusal.js';
import { endWith, isGivenUp, markGivenUp, refusalBytes } from './giving-up.js';

/**
 * What Node's parser itself refuses. It would answer that without a word of why, and nobody would
 * count it.
 */
const REFUSALS = {
  /** RFC 9112 §2.2 and on: a message that is not one. */
  malformed: { code: 'malformed', status: 400, reason: 'this is not a valid HTTP message' },
  /** RFC 6585 §5. */
  headers: { code: 'headers_too_large', status: 431, reason: 'the header is too large' },
  /** As Node answers it. */
  extensions: {
    code: 'extensions_too_large',
    status: 413,
    reason: 'the extensions of the chunks are too large',
  },
  /** RFC 9110 §15.5.9. */
  late: { code: 'request_timeout', status: 408, reason: 'the request did not come in time' },
  /** RFC 9110 §15.6.2: what this server does for nobody. */
  connect: { code: 'connect', status: 501, reason: 'CONNECT is not for this server' },
} as const satisfies Record<string, Refusal>;

/** Is told of what is refused, with the answer as it was sent on the connection. */
export type OnRefused = (refusal: Refusal, connection: Duplex, answer: string) => void;

/** Bytes behind a request that closes its connection. */
const BEHIND_LAST = 'HPE_CLOSED_CONNECTION';

/** Why Node's parser gave a request up; null when it was the connection that broke. */
export function malformed(error: NodeJS.ErrnoException): Refusal | null {
  const code = error.code ?? '';
  if (code === 'HPE_HEADER_OVERFLOW') return REFUSALS.headers;
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return REFUSALS.extensions;
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return REFUSALS.late;
  // The client left in the middle of a message: nobody reads an answer.
  if (code === 'HPE_INVALID_EOF_STATE' || code === BEHIND_LAST) return null;
  return code.startsWith('HPE_') ? REFUSALS.malformed : null;
}

/**
 * Answers what is no request with its reason, and closes the connection; `onRefused` is told of
 * each. Where the application has a listener of its own for that, it answers.
 */
export function refuseMalformed(server: http.Server, onRefused: OnRefused): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // The parser goes on to find fault with what is thrown away.
    if (isGivenUp(socket)) return;
    const isOurs = server.listenerCount('clientError') === 1;
    if (isOurs && error.code === BEHIND_LAST) {
      passOver(socket);
      return;
    }
    const refusal = malformed(error);
    const isAnswered = isOurs && refusal !== null && canAnswer(socket);
    if (refusal !== null)
      onRefused(refusal, socket, isAnswered ? refusalBytes(refusal, socket) : '');
    if (isAnswered) giveUp(socket, refusal);
    else if (isOurs) socket.destroy(error);
  });
}

/** Refuses CONNECT, which Node closes without a word, unless the application listens for it. */
export function refuseConnect(server: http.Server, onRefused: OnRefused): void {
  server.on('connect', (_request: http.IncomingMessage, socket: Duplex) => {
    if (server.listenerCount('connect') > 1) return;
    onRefused(REFUSALS.connect, socket, refusalBytes(REFUSALS.connect, socket));
    giveUp(socket, REFUSALS.connect);
  });
}

/**
 * Nobody reads what stands behind a request that closes its connection (RFC 9112 §9.6), and it must
 * not cost that request its answer, behind which Node closes by this call.
 */
function passOver(socket: Duplex): void {
  markGivenUp(socket);
  Reflect.set(socket, 'destroySoon', () => {
    endWith(socket);
  });
}

function giveUp(socket: Duplex, refusal: Refusal): void {
  markGivenUp(socket);
  endWith(socket, refusalBytes(refusal, socket));
}

/** Not where the answer to a request before is half out: a client would take this for its end. */
function canAnswer(socket: Duplex): boolean {
  const answer: unknown = Reflect.get(socket, '_httpMessage');
  const isBegun =
    typeof answer === 'object' && answer !== null && Reflect.get(answer, 'headersSent') === true;
  return socket.writable && !isBegun;
}
