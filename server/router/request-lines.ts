import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { refusalBytes, type RefusalAnswer } from '../http/giving-up.js';
import { CLIENT_LEFT, headOf, type Logged } from '../request-log/logged.js';
import { refusedOn } from '../request-log/refused.js';
import type { RequestLog } from '../request-log/request-log.js';

/** Lines of the requests that no worker has one for. */
export interface RouterLines {
  /** The router answered a request in a worker's stead, or its client left before one was asked. */
  ended(response: ServerResponse, micros: number): void;
  /** A file was sent, or a part of it. */
  sent(response: ServerResponse, tx: number, micros: number): void;
  /** A request was refused; `response` is null where it has none. */
  refused(refused: RefusalAnswer, request: IncomingMessage, response: ServerResponse | null): void;
  /** So was what never became one. */
  noRequest(refused: RefusalAnswer, connection: Duplex, answer: string): void;
}

/** Without a log, nothing is written. */
export function createRouterLines(log: RequestLog | null): RouterLines {
  return {
    ended(response, micros) {
      log?.request({ ...ownAnswer(response), micros });
    },
    sent(response, tx, micros) {
      if (log === null) return;
      const isCut = !response.writableFinished;
      log.request({ ...ownAnswer(response), tx, micros, isCut, isStatic: true });
    },
    refused(refused, request, response) {
      if (log === null) return;
      const answer = refusalBytes(refused);
      log.refused(
        response?.headersSent === true
          ? ownAnswer(response)
          : refusedOn(request.socket, refused.status, answer, request),
      );
    },
    noRequest(refused, connection, answer) {
      log?.refused(refusedOn(connection, refused.status, answer));
    },
  };
}

/** Own answers announce their length, and are short enough to be sent at once. */
function ownAnswer(response: ServerResponse): Logged {
  const { req, headersSent, statusCode } = response;
  const head = headOf(response);
  return {
    request: req,
    status: headersSent ? statusCode : CLIENT_LEFT,
    head,
    tx: head.length + (req.method === 'HEAD' ? 0 : contentLength(head)),
    core: -1,
    micros: 0,
    isStatic: false,
    isCut: !headersSent,
  };
}

/** Node keeps no field that was given to \`writeHead\`. */
function contentLength(head: string): number {
  return Number(/^content-length: (\d+)\r$/im.exec(head)?.[1] ?? 0);
}
