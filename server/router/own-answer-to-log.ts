import type { ServerResponse } from 'node:http';
import { CLIENT_LEFT, headOf, type Logged } from '../request-log/logged.js';

/** Own answers announce their length, and are short enough to be sent at once. */
export function ownAnswerToLog(response: ServerResponse): Omit<Logged, 'micros'> {
  const { req, headersSent, statusCode } = response;
  const head = headOf(response);
  return {
    request: req,
    status: headersSent ? statusCode : CLIENT_LEFT,
    head,
    tx: head.length + (req.method === 'HEAD' ? 0 : contentLength(head)),
    core: -1,
    isStatic: false,
    isCut: !headersSent,
  };
}

/** Node keeps no field that was given to \`writeHead\`. */
function contentLength(head: string): number {
  return Number(/^content-length: (\d+)\r$/im.exec(head)?.[1] ?? 0);
}
