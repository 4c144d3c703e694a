import type { IncomingHttpHeaders } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { LoggedRequest } from '../../request-log/logged.js';
import type { Peer } from '../forwarded.js';

/** The request of a stream, as the log wants it. */
export function streamToLog(
  rawFields: readonly string[],
  stream: ServerHttp2Stream,
  { address, port, localPort }: Peer,
): LoggedRequest {
  const rawHeaders: string[] = [];
  const headers: IncomingHttpHeaders = {};
  const pseudo = new Map<string, string>();
  for (let i = 0; i < rawFields.length; i += 2) {
    const [name = '', value = ''] = rawFields.slice(i, i + 2);
    if (name.startsWith(':')) {
      pseudo.set(name, value);
      continue;
    }
    rawHeaders.push(name, value);
    Object.defineProperty(headers, name, { value, enumerable: true, configurable: true });
  }
  const host = pseudo.get(':authority') ?? headers.host;
  return {
    method: pseudo.get(':method'),
    url: pseudo.get(':path'),
    httpVersion: '2.0',
    rawHeaders,
    headers: host === undefined ? headers : { ...headers, host },
    get complete() {
      return stream.readableEnded || stream.endAfterHeaders;
    },
    socket: { remoteAddress: address, remotePort: port, localPort },
  };
}
