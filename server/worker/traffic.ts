import { type Account, type Connection, sentSince } from './connection.js';
import type { Counters } from './counters.js';

/** Counts the bytes that connections have sent. */
export interface Traffic {
  /** Counts what is sent on this connection at each beat, until it is over or gone. */
  follow(connection: Connection, account: Account): void;
  /** Counts what was sent on it by now. */
  count(connection: Connection, account: Account): void;
  /** The same for all that are followed, and lets go of those on which `isOver` holds. */
  beat(isOver: (connection: Connection, account: Account) => boolean): void;
  /** The connection is gone. */
  close(connection: Connection, account: Account): void;
}

/**
 * Asking a socket what it has sent costs a tenth of a microsecond, so one that serves many requests
 * is asked when the loop beats and when it closes, not at every request.
 */
export function createTraffic(counters: Counters): Traffic {
  const followed = new Map<Connection, Account>();
  const count = (connection: Connection, account: Account): void => {
    counters.add('tx', sentSince(connection, account));
  };
  return {
    follow(connection, account) {
      if (account.isFollowed) return;
      account.isFollowed = true;
      followed.set(connection, account);
    },
    count,
    beat(isOver) {
      for (const [connection, account] of followed) {
        count(connection, account);
        if (!isOver(connection, account)) continue;
        account.isFollowed = false;
        followed.delete(connection);
      }
    },
    close(connection, account) {
      if (!account.isFollowed) return;
      count(connection, account);
      followed.delete(connection);
    },
  };
}
