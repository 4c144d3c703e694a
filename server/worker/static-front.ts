import type { IncomingMessage, ServerResponse } from 'node:http';
import { isGivenUp } from '../http/giving-up.js';
import { refuseFile } from '../static/answer.js';
import { sendAnswer } from '../static/send-answer.js';
import { createStatic, type StaticSettings } from '../static/static.js';
import { stackOf } from './failures.js';
import type { RoutedClients } from './routed-clients.js';

/** What became of a request that was taken: one of these is called, or none when its client left. */
export interface StaticOutcome {
  readonly found: () => void;
  readonly missed: () => void;
}

/** Files in front of an application. */
export interface StaticFront {
  /** Whether a request might be for a file, so that it is looked for. */
  take(request: IncomingMessage, response: ServerResponse, outcome: StaticOutcome): boolean;
  /** Whether a response was answered from a file. */
  has(response: ServerResponse): boolean;
}

/** Null where nothing is served from files. What comes through a router was looked for there. */
export function createStaticFront(
  settings: StaticSettings,
  clients: Pick<RoutedClients, 'has'> | null,
  say: (line: string) => void,
): StaticFront | null {
  const files = createStatic(settings);
  if (files === null) return null;
  const answered = new WeakSet<ServerResponse>();
  return {
    take(request, response, { found, missed }) {
      if (!files.mayHave(request) || clients?.has(request.socket) === true) return false;
      files.find(request).then(
        (answer) => {
          const isOver = response.destroyed || isGivenUp(request.socket);
          if (answer === null) {
            if (!isOver) missed();
            return;
          }
          if (!isOver) {
            answered.add(response);
            found();
          }
          sendAnswer(answer, response);
        },
        (error: unknown) => {
          say(`${request.method ?? ''} ${request.url ?? ''}: ${stackOf(error)}`);
          sendAnswer(refuseFile(500), response);
        },
      );
      return true;
    },
    has: (response) => answered.has(response),
  };
}
