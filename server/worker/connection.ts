import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What is kept of a connection between its requests. */
export interface Account {
  /** The address of the client; empty while nobody has asked for it. */
  peer: string;
  /** The descriptor, -1 without one. */
  readonly fd: number;
  /** Bytes sent that are accounted already. */
  sent: number;
  /** The ends of requests whose turn to be answered has not come yet. */
  behind?: Set<() => void>;
}

/** A socket as accounting sees it. */
export interface Connection extends Socket {
  [ledger]?: Account;
  readonly _handle?: { readonly fd?: number } | null;
  /** What the kernel took: `bytesWritten` adds what still waits here, at the cost of a copy. */
  readonly _bytesDispatched?: number;
}

const ledger = Symbol('the account of this connection');

/** The account of a connection, opened at its first request. */
export function accountOf(connection: Connection): Account {
  const known = connection[ledger];
  if (known !== undefined) return known;
  const account: Account = { peer: '', fd: connection._handle?.fd ?? -1, sent: 0 };
  connection[ledger] = account;
  return account;
}

/** Bytes sent on a connection since this was last asked. */
export function sentSince(connection: Connection): number {
  const account = accountOf(connection);
  const sent = connection._bytesDispatched ?? connection.bytesWritten;
  const tx = sent - account.sent;
  account.sent = sent;
  return tx;
}

/** Calls `end` when the connection breaks before `response`, which waits for its turn, was sent. */
export function endWithConnection(socket: Socket, response: ServerResponse, end: () => void): void {
  const account = accountOf(socket);
  // One listener for all: hundreds may be pipelined.
  const ends = account.behind ?? followEnds(socket);
  account.behind = ends;
  ends.add(end);
  response.on('close', () => ends.delete(end));
}

function followEnds(socket: Socket): Set<() => void> {
  const ends = new Set<() => void>();
  socket.on('close', () => {
    for (const end of ends) end();
  });
  return ends;
}
