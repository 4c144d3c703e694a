import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { refusalBytes, type RefusalAnswer } from '../http/giving-up.js';
import type { LoggedRequest } from '../request-log/logged.js';
import { refusedOn } from '../request-log/refused.js';
import type { RequestLog } from '../request-log/request-log.js';
import type { ClientSide } from './client-side.js';
import { ownAnswerToLog } from './own-answer-to-log.js';

/** Lines of the requests that no worker has one for. */
export interface RouterLines {
  /** The router answered a request in a worker's stead, or its client left before one was asked. */
  ended(client: ClientSide, micros: number): void;
  /** A client was sent to HTTPS. */
  redirected(response: ServerResponse): void;
  /** A file was sent, or a part of it: bytes of the connection, and microseconds. */
  sent(response: ServerResponse, tx: number, micros: number): void;
  /** So was one on a stream of HTTP/2; bytes of its body. */
  sentOnStream(client: ClientSide, bytes: number, micros: number): void;
  /** A request was refused; `response` is null where it has none. */
  refused(refused: RefusalAnswer, request: IncomingMessage, response: ServerResponse | null): void;
  /** So was one of HTTP/2. */
  refusedStream(refused: RefusalAnswer, request: LoggedRequest): void;
  /** So was what never became one. */
  noRequest(refused: RefusalAnswer, connection: Duplex, answer: string): void;
}

/** Without a log, nothing is written. */
export function createRouterLines(log: RequestLog | null): RouterLines {
  return {
    ended(client, micros) {
      log?.request({ ...client.logged, micros });
    },
    redirected(response) {
      log?.request({ ...ownAnswerToLog(response), micros: 0 });
    },
    sent(response, tx, micros) {
      if (log === null) return;
      const isCut = !response.writableFinished;
      log.request({ ...ownAnswerToLog(response), tx, micros, isCut, isStatic: true });
    },
    sentOnStream(client, bytes, micros) {
      if (log === null) return;
      const { logged } = client;
      const tx = logged.head.length + bytes;
      log.request({ ...logged, tx, micros, isCut: !client.isAnswered, isStatic: true });
    },
    refused(refused, request, response) {
      if (log === null) return;
      const answer = refusalBytes(refused, request.socket);
      log.refused(
        response?.headersSent === true
          ? { ...ownAnswerToLog(response), micros: 0 }
          : refusedOn(request.socket, refused.status, answer, request),
      );
    },
    refusedStream({ status, reason }, request) {
      const tx = reason.length + 1;
      log?.refused({
        ...{ request, status, head: '', tx, core: -1, micros: 0, isStatic: false, isCut: false },
      });
    },
    noRequest(refused, connection, answer) {
      log?.refused(refusedOn(connection, refused.status, answer));
    },
  };
}
