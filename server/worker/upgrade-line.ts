import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { CLIENT_LEFT, type Logged } from '../request-log/logged.js';
import { type Account, type Connection, takeUnlogged } from './connection.js';

/** A head that is longer than this is none. */
const MAX_HEAD = 64 * 1024;

/**
 * Prepares what the log says of a connection that is about to change its protocol; the returned
 * function tells it when the connection is over. Node makes no response for it, and its answer is
 * what the application writes: so this is read, from now on until its head is whole.
 */
export function prepareUpgradeLine(
  request: IncomingMessage,
  socket: Connection,
  account: Account,
): (micros: number) => Logged {
  const head = followHead(socket);
  // A socket that is closed cannot be asked for it any more.
  if (account.peer === '') account.peer = socket.remoteAddress ?? '';
  return (micros) => {
    const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(head()) ?? [];
    return {
      request,
      status: status === undefined ? CLIENT_LEFT : Number(status),
      head: head(),
      tx: takeUnlogged(account),
      core: -1,
      micros,
      isStatic: false,
      isCut: status === undefined,
    };
  };
}

/** The head of the first answer that is written to a socket; empty until it is whole. */
function followHead(socket: Socket): () => string {
  let head = '';
  let isOver = false;
  const take = (chunk: unknown, encoding: unknown): void => {
    head += latin1Of(chunk, encoding);
    const end = head.indexOf('\r\n\r\n');
    isOver = end >= 0 || head.length > MAX_HEAD;
    if (isOver) head = end < 0 ? '' : head.slice(0, end + 4);
  };
  // What is given to `end` does not come by `write`.
  for (const name of ['write', 'end'] as const) {
    const original = socket[name].bind(socket) as (...args: unknown[]) => unknown;
    Reflect.set(socket, name, (...args: unknown[]): unknown => {
      if (!isOver) take(args[0], args[1]);
      return original(...args);
    });
  }
  return () => (isOver ? head : '');
}

function latin1Of(chunk: unknown, encoding: unknown): string {
  if (typeof chunk === 'string') {
    const written = typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8';
    return Buffer.from(chunk, written).toString('latin1');
  }
  return chunk instanceof Uint8Array ? Buffer.from(chunk).toString('latin1') : '';
}
