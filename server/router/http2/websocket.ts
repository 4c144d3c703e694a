import { randomBytes } from 'node:crypto';
import { constants, type ServerHttp2Stream } from 'node:http2';
import type { BackendConnection } from '../backend-connection.js';
import type { ClientRequest } from '../request-head.js';
import type { ResponseHead } from '../response-head.js';
import { openTunnel } from '../tunnel.js';
import { answerFields } from './fields.js';

/** WebSocket over HTTP/2 (RFC 8441), which a worker is asked for in HTTP/1.1. */

const KEY = 'sec-websocket-key';
const ACCEPT = 'sec-websocket-accept';

/** The request with the key that HTTP/2 does not need: the worker proves with it that it understood. */
export function withKey(request: ClientRequest): ClientRequest {
  const rawHeaders: string[] = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i] ?? '';
    if (name !== KEY) rawHeaders.push(name, request.rawHeaders[i + 1] ?? '');
  }
  rawHeaders.push(KEY, randomBytes(16).toString('base64'));
  return { ...request, rawHeaders };
}

/** A worker that has switched, and what it sent behind that. */
interface Switched {
  readonly head: ResponseHead;
  readonly connection: BackendConnection;
  readonly rest: Buffer;
}

/**
 * Tells a client that the worker has switched, which is 200 here, and joins its stream and the
 * connection to the worker; `onClose` when both are closed. The end of one direction is the end of
 * the other's; a broken connection is CANCEL, and a stream that was reset a broken connection.
 */
export function switchStream(
  stream: ServerHttp2Stream,
  transportSecurity: string | null,
  answer: Switched,
  onClose: () => void,
): void {
  const worker = answer.connection.detach();
  const told = Object.entries(answerFields(answer.head, false, transportSecurity));
  const fields = Object.fromEntries(told.filter(([name]) => name !== ACCEPT));
  stream.respond({ ...fields, ':status': 200 });
  stream.once('aborted', () => {
    worker.destroy();
  });
  const ends = { client: stream, worker, fromClient: Buffer.alloc(0), fromWorker: answer.rest };
  const cutClient = (): void => {
    stream.close(constants.NGHTTP2_CANCEL);
  };
  openTunnel({ ...ends, cutClient }, onClose);
}
