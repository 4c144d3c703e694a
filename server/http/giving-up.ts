import http from 'node:http';
import type { Duplex } from 'node:stream';
import { saidOnEachAnswer } from './connection-fields.js';

/** How a connection ends on which nothing more may be asked. */

/** What the client is told. */
export interface RefusalAnswer {
  readonly status: number;
  readonly reason: string;
}

/** How long a client may take to notice that its connection is closed. */
const LINGER_MS = 1000;

/**
 * Sends the last bytes of a connection and closes it in a way that lets them arrive: closing over
 * bytes that were not read resets a connection, and a client that still sends may lose the answer
 * (RFC 9112 §9.6). So what comes is thrown away for a while.
 */
export function endWith(socket: Duplex, bytes = ''): void {
  const destroy = (): void => {
    socket.destroy();
  };
  const late = setTimeout(destroy, LINGER_MS);
  socket.once('end', destroy).once('close', () => {
    clearTimeout(late);
  });
  socket.end(bytes);
  socket.resume();
}

/** The whole answer of a refusal, which closes the connection; with what that says on each, if given. */
export function refusalBytes(
  { status, reason }: RefusalAnswer,
  connection: Duplex | null = null,
): string {
  const body = `${reason}\n`;
  let own = '';
  for (const [name, value] of Object.entries(saidOnEachAnswer(connection))) {
    own += `${name}: ${value}\r\n`;
  }
  return (
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n` +
    'Content-Type: text/plain; charset=utf-8\r\n' +
    `Content-Length: ${body.length}\r\nDate: ${new Date().toUTCString()}\r\n${own}\r\n${body}`
  );
}

/**
 * Connections that are being closed after a refusal. Requests behind the refused one may be
 * parsed already: where one request ended and the next began is just what is in doubt.
 */
const givenUp = new Set<object>();

/** Whether a connection is being closed after a refusal. */
export function isGivenUp(socket: Duplex): boolean {
  // Asked for every request, and nearly always there is none.
  return givenUp.size > 0 && givenUp.has(socket);
}

/** Nothing that comes on this connection from now on reaches the application. */
export function markGivenUp(socket: Duplex): void {
  if (givenUp.has(socket)) return;
  givenUp.add(socket);
  socket.once('close', () => givenUp.delete(socket));
}
