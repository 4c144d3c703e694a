import type { ClientEvent } from './client-event.js';
import { sanitizeShort } from './sanitize.js';

/** What is known of the connection; times are monotonic milliseconds. */
export type Connection =
  | { readonly state: 'connecting'; readonly since: number }
  | { readonly state: 'open' }
  | { readonly state: 'problem'; readonly message: string }
  | { readonly state: 'disconnected'; readonly message: string; readonly retryAt: number };

/** How the screen should speak of the data it shows. */
export type Freshness =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'live'; readonly age: number }
  | { readonly kind: 'stale'; readonly age: number }
  /** The server answers, but nothing that can be shown; `age` of the last good document. */
  | { readonly kind: 'problem'; readonly message: string; readonly age: number | null }
  | {
      readonly kind: 'disconnected';
      readonly message: string;
      readonly age: number | null;
      /** Milliseconds until the next attempt; 0 while it runs. */
      readonly retryIn: number;
    };

/** The connection after an event of the client. */
export function nextConnection(connection: Connection, event: ClientEvent): Connection {
  switch (event.type) {
    case 'connecting':
      // A retry keeps the reason on the screen until it succeeds.
      if (connection.state === 'disconnected') return { ...connection, retryAt: event.at };
      return { state: 'connecting', since: event.at };
    case 'document':
      return { state: 'open' };
    case 'problem':
      return { state: 'problem', message: sanitizeShort(event.message) };
    case 'disconnected':
      return {
        state: 'disconnected',
        message: sanitizeShort(event.message),
        retryAt: event.at + Math.max(0, event.retryInMs),
      };
    case 'control':
    case 'reply':
    case 'progress':
    case 'outcome':
      return connection;
  }
}

/** From this age on a document is stale: two intervals, and never less than a second. */
export function staleAfter(intervalMs: number): number {
  return Math.max(1000, 2 * intervalMs);
}

/**
 * How fresh the picture is.
 * @param times `now`, and when the shown document arrived (null for none), monotonic milliseconds.
 */
export function freshness(
  connection: Connection,
  times: { readonly now: number; readonly documentAt: number | null; readonly intervalMs: number },
): Freshness {
  const { now, documentAt, intervalMs } = times;
  const age = documentAt === null ? null : Math.max(0, now - documentAt);
  switch (connection.state) {
    case 'problem':
      return { kind: 'problem', message: connection.message, age };
    case 'disconnected':
      return {
        kind: 'disconnected',
        message: connection.message,
        age,
        retryIn: Math.max(0, connection.retryAt - now),
      };
    case 'connecting':
    case 'open':
      if (age === null) return { kind: 'waiting' };
      return { kind: age > staleAfter(intervalMs) ? 'stale' : 'live', age };
  }
}
