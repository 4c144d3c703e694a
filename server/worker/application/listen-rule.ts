import type { Wanted } from './listen-arguments.js';

/**
 * Whose the inherited socket is when a server calls `listen`: nobody's yet, this server's or
 * another's by promise, this server's or another's in fact.
 */
export type Phase = 'free' | 'kept for it' | 'kept' | 'its own again' | 'taken';

export interface Situation {
  readonly phase: Phase;
  /** Undefined on a unix socket. */
  readonly publicPort: number | undefined;
  /** Whether the first server is given the socket whatever port it asks for. */
  readonly takeFirst: boolean;
  /** The port that the server with the socket had asked for. */
  readonly askedPort: number | undefined;
  /** Whether this server serves the application for which the socket is kept. */
  readonly sameApplication: boolean;
}

/** Given the socket, taken for done without one, or left to Node. */
export type ListenAnswer = 'give' | 'pretend' | 'own';

/** What a `listen` of an HTTP(S) server that does not listen yet is answered. */
export function answerToListen(wanted: Wanted, situation: Situation): ListenAnswer {
  switch (situation.phase) {
    case 'free':
      return situation.takeFirst || asksFor(wanted, situation.publicPort) ? 'give' : 'own';
    case 'kept for it':
      return 'give';
    case 'its own again':
      // It was closed, and the descriptor with it.
      return 'own';
    case 'kept':
    case 'taken':
      return isServedAlready(wanted, situation) ? 'pretend' : 'own';
  }
}

function isServedAlready(wanted: Wanted, situation: Situation): boolean {
  if (situation.sameApplication || asksFor(wanted, situation.publicPort)) return true;
  if (situation.phase === 'taken' && asksFor(wanted, situation.askedPort)) return true;
  // Fastify reads the port of its second address from `address()`, which of a path has none.
  return wanted.portLeftOpen && situation.publicPort === undefined;
}

/** Port 0 is any free port: never the same one twice. */
function asksFor(wanted: Wanted, port: number | undefined): boolean {
  return port !== undefined && port !== 0 && wanted.port === port;
}
