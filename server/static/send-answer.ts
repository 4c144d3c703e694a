import { ReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { StaticAnswer } from './answer.js';

/** Sends an answer, no faster than its client reads; a file that is not sent is closed. */
export function sendAnswer(
  { status, headers, body }: StaticAnswer,
  response: ServerResponse,
): void {
  if (response.destroyed || response.writableEnded) {
    if (body !== null && !Buffer.isBuffer(body)) body.destroy();
    return;
  }
  response.writeHead(status, headers);
  if (body === null) response.end();
  else if (Buffer.isBuffer(body)) response.end(body);
  else sendStream(body, Number(headers['Content-Length']), response);
}

function sendStream(
  body: Exclude<StaticAnswer['body'], Buffer | null>,
  length: number,
  response: ServerResponse,
): void {
  const breakOff = (): void => {
    response.destroy();
  };
  response.once('close', () => {
    body.destroy();
  });
  body.once('error', breakOff).once('end', () => {
    // A file that was cut short meanwhile: the client must not wait for the rest, or take the next
    // answer for it.
    if (body instanceof ReadStream && body.bytesRead === length) response.end();
    else breakOff();
  });
  body.pipe(response, { end: false });
}
