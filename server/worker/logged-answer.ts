import type { ServerResponse } from 'node:http';
import { isGivenUp } from '../http/giving-up.js';
import { CLIENT_LEFT, headOf, type Logged } from '../request-log/logged.js';
import { type Account, takeUnlogged } from './connection.js';

/** A request that is over, for the log. */
export function logged(
  response: ServerResponse,
  account: Account,
  { core, micros, isStatic }: Pick<Logged, 'core' | 'micros' | 'isStatic'>,
): Logged {
  const request = response.req;
  // Node says 200 of an answer that never began; who gave the request up said something else.
  const isAnswered = response.headersSent || isGivenUp(request.socket);
  return {
    request,
    status: isAnswered ? response.statusCode : CLIENT_LEFT,
    head: headOf(response),
    tx: takeUnlogged(account),
    core,
    micros,
    isStatic,
    isCut: !response.writableFinished && !isGivenUp(request.socket),
  };
}
