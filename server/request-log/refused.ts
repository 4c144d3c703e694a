import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Logged, type LoggedRequest, noRequest } from './logged.js';

/** A refusal that was written to the connection itself, not through a response. */
export function refusedOn(
  connection: Duplex,
  status: number,
  answer: string,
  request: LoggedRequest = noRequest(connection instanceof Socket ? connection : {}),
): Logged {
  const end = answer.indexOf('\r\n\r\n');
  const head = end < 0 ? answer : answer.slice(0, end + 4);
  return {
    request,
    status,
    head,
    tx: answer.length,
    core: -1,
    micros: 0,
    isStatic: false,
    isCut: false,
  };
}
