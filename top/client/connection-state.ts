import type { Freshness } from '../model/connection.js';

/** How a connection stands. */
export type ConnectionState =
  /** Nothing has arrived yet. */
  | { readonly name: 'connecting' }
  /** Documents arrive at their pace. */
  | { readonly name: 'connected' }
  /** The newest document is more than two intervals old, and a second at least. */
  | { readonly name: 'stale' }
  /** The server answers, with something that is no stats document. */
  | { readonly name: 'damaged'; readonly message: string }
  /** The server is out of reach, and tried again on and on. */
  | { readonly name: 'reconnecting'; readonly message: string; readonly retryInMs: number }
  /** It is over; nothing arrives any more. */
  | { readonly name: 'closed' };

/** The state that goes with what the dashboard would show. */
export function stateOf(freshness: Freshness): ConnectionState {
  switch (freshness.kind) {
    case 'waiting':
      return { name: 'connecting' };
    case 'live':
      return { name: 'connected' };
    case 'stale':
      return { name: 'stale' };
    case 'problem':
      return { name: 'damaged', message: freshness.message };
    case 'disconnected': {
      const { message, retryIn } = freshness;
      return { name: 'reconnecting', message, retryInMs: retryIn };
    }
  }
}

/** Whether two states are the same to who is told about changes; a countdown is no change. */
export function isSameState(one: ConnectionState, other: ConnectionState): boolean {
  return one.name === other.name && reasonOf(one) === reasonOf(other);
}

function reasonOf(state: ConnectionState): string {
  return 'message' in state ? state.message : '';
}
