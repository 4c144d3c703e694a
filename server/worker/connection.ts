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
  /** The core of the request whose answer has the connection, -1 while there is none. */
  core: number;
  /** Whether its bytes are counted at each beat of the loop. */
  isFollowed: boolean;
  /** Whether a first request on it is over or under way, so that a next one is another's. */
  isUsed: boolean;
  /** Whether its owner is told when it is gone. */
  isWatched: boolean;
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
    core: -1,
    isFollowed: false,
    isUsed: false,
    isWatched: false,
    owner,
  };
  connection[ledger] = account;
  return account;
}

/**
 * From now on the owner hears of the end of the connection. Not for every one: a listener on a
 * connection that serves a single request costs that request a twentieth of its CPU time.
 */
export function watch(connection: Connection, account: Account): void {
  if (account.isWatched) return;
  account.isWatched = true;
  connection.on('close', () => {
    account.owner.closed(account, connection);
    if (account.behind !== undefined) for (const end of account.behind) end();
  });
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
  return tx;
}

/** Calls `end` when the connection breaks before `response`, which waits for its turn, was sent. */
export function endWithConnection(
  account: Account,
  response: ServerResponse,
  end: () => void,
): void {
  watch(response.req.socket, account);
  const ends = (account.behind ??= new Set());
  ends.add(end);
  response.on('close', () => ends.delete(end));
}
