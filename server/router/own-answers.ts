import type { ServerResponse } from 'node:http';
import { saidOnEachAnswer } from '../http/connection-fields.js';

/** What the router answers itself; to its clients a worker is a back end like any other. */
export type OwnStatus = 408 | 502 | 503 | 504 | 507;

const TEXTS = {
  408: 'the request did not come to its end in time',
  502: 'the back end broke off before it answered',
  503: 'no back end accepts requests now',
  504: 'the back end did not answer in time',
  507: 'there is no room for the body of the request',
} as const satisfies Record<OwnStatus, string>;

/** Seconds: what fills a queue is over soon, or takes a human. */
const RETRY_AFTER = '1';

/** An answer in the worker's stead. */
export function ownAnswer(status: OwnStatus): {
  readonly fields: Readonly<Record<string, string | number>>;
  readonly body: string;
} {
  const body = `${TEXTS[status]}\n`;
  return {
    fields: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': body.length,
      'Cache-Control': 'no-store',
      ...(status === 503 && { 'Retry-After': RETRY_AFTER }),
    },
    body,
  };
}

/** Answers in the worker's stead; the connection is closed after that. */
export function answerOneself(response: ServerResponse, status: OwnStatus): void {
  const { fields, body } = ownAnswer(status);
  const said = saidOnEachAnswer(response.socket);
  response.writeHead(status, { Connection: 'close', ...fields, ...said });
  response.end(body);
}
