import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What is kept of a connection between its requests. */
export interface Account {
  /** The address of the client; empty while nobody has asked for it. */
  peer: string;
  /** The descriptor, -1 without one. */
  readonly fd: number;
  /** Bytes sent that are accounted already. */
  sent: number;
  /** Those of them since a request on it was last logged. */
  unlogged: number;
  /** The core of the request whose answer has the connection, -1 while there is none. */
  core: number;
  /** Whether its bytes are counted at each beat of the loop. */
  isFollowed: boolean;
  /** Whether a first request on it is over or under way, so that a next one is another's. */
  isUsed: boolean;
  /** Told when an answer was sent on the connection, and when the connection is gone. */
  readonly owner: Owner;
  /** The ends of requests whose turn to be answered has not come yet. */
  behind?: Set<() => void>;
}

/** Who keeps the books of a connection. */
export interface Owner {
  answered(account: Account, response: ServerResponse): void;
  closed(account: Account, connection: Connection): void;
}

/** A socket as accounting sees it. */
export interface Connection extends Socket {
  [ledger]?: Account;
  readonly _handle?: { readonly fd?: number } | null;
  /** What the kernel took: `bytesWritten` adds what still waits here, at the cost of a copy. */
  readonly _bytesDispatched?: number;
}

const ledger = Symbol('the account of this connection');

/** The account of a connection, opened by `owner` at its first request. */
export function accountOf(connection: Connection, owner: Owner): Account {
  const known = connection[ledger];
  if (known !== undefined) return known;
  const account: Account = {
    peer: '',
    fd: connection._handle?.fd ?? -1,
    sent: 0,
    unlogged: 0,
    core: -1,
    isFollowed: false,
    isUsed: false,
    owner,
  };
  connection[ledger] = account;
  // An application may hand its server connections of its own making.
  const stream: Duplex = connection;
  if (!(stream instanceof Socket)) stream.on('close', tellOwner.bind(connection));
  return account;
}

function tellOwner(this: Connection): void {
  const account = this[ledger];
  if (account === undefined) return;
  account.owner.closed(account, this);
  if (account.behind !== undefined) for (const end of account.behind) end();
}

let isHearing = false;

/**
 * From now on owners hear of the ends of their connections, at the place where every socket of
 * `node:net` comes by. A listener on each connection that serves a single request would cost that
 * request a twentieth of its CPU time, and one on its response is not free either.
 */
export function hearOfEnds(): void {
  if (isHearing) return;
  isHearing = true;
  const destroy = Reflect.get(Socket.prototype, '_destroy');
  Socket.prototype._destroy = function (this: Socket, error, callback) {
    tellOwner.call(this);
    destroy.call(this, error, callback);
  };
}

/** The account of a connection that had a request on an accounted server. */
export function knownAccount(connection: Connection): Account | undefined {
  return connection[ledger];
}

/** Bytes sent on a connection since this was last asked. */
export function sentSince(connection: Connection, account: Account): number {
  const sent = connection._bytesDispatched ?? connection.bytesWritten;
  const tx = sent - account.sent;
  account.sent = sent;
  account.unlogged += tx;
  return tx;
}

/** Bytes sent for the request that has just ended, as far as they are accounted. */
export function takeUnlogged(account: Account): number {
  const { unlogged } = account;
  account.unlogged = 0;
  return unlogged;
}

/** Calls `end` when the connection breaks before `response`, which waits for its turn, was sent. */
export function endWithConnection(
  account: Account,
  response: ServerResponse,
  end: () => void,
): void {
  const ends = (account.behind ??= new Set());
  ends.add(end);
  response.on('close', () => ends.delete(end));
}
