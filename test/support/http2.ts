import { once } from 'node:events';
import type { ClientHttp2Session, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';

/** What came back on a stream. */
export interface Http2Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly trailers: IncomingHttpHeaders;
}

/** Asks over HTTP/2 and reads the answer to its end; rejects when the stream breaks. */
export async function ask(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body: string | null = null,
): Promise<Http2Answer> {
  const stream = session.request(headers, { endStream: body === null });
  let text = '';
  let trailers: IncomingHttpHeaders = {};
  stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  stream.on('trailers', (fields: IncomingHttpHeaders) => (trailers = fields));
  if (body !== null) stream.end(body);
  const ended = once(stream, 'close');
  // Whoever waits for the answer is told of an error already.
  ended.catch(() => undefined);
  const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  await ended;
  if (stream.rstCode !== 0) throw new Error(`the stream ended with ${stream.rstCode}`);
  return { status: Number(answer[':status']), headers: answer, body: text, trailers };
}
