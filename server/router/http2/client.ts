import { constants, type ServerHttp2Stream } from 'node:http2';
import { FORBIDDEN_TRAILER, forbiddenTrailer } from '../../http/body-watch.js';
import { BODY_TOO_LARGE } from '../../http/limits.js';
import type { Refusal } from '../../http/refusal.js';
import { CLIENT_LEFT, type Logged, type LoggedRequest } from '../../request-log/logged.js';
import type { ClientSide } from '../client-side.js';
import { ownAnswer, type OwnStatus } from '../own-answers.js';
import type { ResponseHead } from '../response-head.js';
import { securityField } from '../transport-security.js';
import { answerFields, trailerFields } from './fields.js';

const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR } = constants;

/** RFC 8441 §3: what a server says that does not know the protocol. */
const NOT_SWITCHED = 501;

/** What a client's stream belongs to. */
export interface StreamContext {
  readonly method: string;
  readonly url: string;
  readonly transportSecurity: string | null;
  /** What its body may have, in bytes; 0 for no limit. */
  readonly mostBody: number;
  /** Its request as the log wants it, which is made only where there is something to log. */
  readonly toLog: () => LoggedRequest;
  /** Whether a WebSocket is asked for, so that a good answer without one is none. */
  readonly isWebSocket: boolean;
  /** Is told when the body or the trailers make the request one that is refused. */
  readonly onRefused: (refused: Refusal) => void;
}

/** A client that speaks HTTP/2: one of its streams. */
export class Http2Client implements ClientSide {
  readonly body: ServerHttp2Stream;
  readonly method: string;
  readonly url: string;
  trailers: readonly string[] = [];
  isRefused = false;
  /** Whether the stream was broken off from here. */
  isCut = false;
  readonly #context: StreamContext;
  #sendsTrailers = false;
  /** Bytes of the body of an answer in the worker's stead. */
  #answered = 0;
  #onClose: () => void = () => undefined;
  #onRoom: () => void = () => undefined;

  constructor(stream: ServerHttp2Stream, context: StreamContext) {
    this.body = stream;
    this.method = context.method;
    this.url = context.url;
    this.#context = context;
    // Without a reader the end of a body that is not there never comes.
    if (stream.endAfterHeaders) {
      stream.resume();
      return;
    }
    stream.on('trailers', (_headers: unknown, _flags: unknown, rawTrailers?: string[]) => {
      this.#onTrailers(rawTrailers ?? []);
    });
    if (context.mostBody > 0) this.#limitBody(context.mostBody);
  }

  /** Node closes a stream once all is sent, often before it says that it has finished. */
  get isAnswered(): boolean {
    const { writableEnded, headersSent, aborted, rstCode } = this.body;
    return writableEnded && headersSent && !aborted && rstCode === NGHTTP2_NO_ERROR;
  }

  get logged(): Omit<Logged, 'micros'> {
    const { headersSent, sentHeaders } = this.body;
    const { [':status']: told, ...fields } = headersSent ? sentHeaders : {};
    const status = Number(told ?? CLIENT_LEFT);
    const head = headersSent ? headText(status, fields) : '';
    return {
      request: this.#context.toLog(),
      status,
      head,
      tx: head.length + this.#answered,
      core: -1,
      isStatic: false,
      isCut: !headersSent,
    };
  }

  attach(onClose: () => void, onRoom: () => void): void {
    this.#onClose = onClose;
    this.#onRoom = onRoom;
    this.body.on('close', onClose).on('aborted', onClose).on('drain', onRoom);
  }

  detach(): void {
    this.body.off('close', this.#onClose).off('aborted', this.#onClose).off('drain', this.#onRoom);
  }

  informational(head: ResponseHead, expectsContinue: boolean): void {
    if (this.#isGone || (head.status === 100 && !expectsContinue)) return;
    this.body.additionalHeaders({ ...answerFields(head, false, null), ':status': head.status });
  }

  /** A connection that ends is told so by GOAWAY, and not by an answer. */
  head(head: ResponseHead): void {
    if (this.#isGone) return;
    this.#sendsTrailers = head.framing.type === 'chunked';
    const fields = answerFields(head, this.#sendsTrailers, this.#context.transportSecurity);
    const endStream = head.framing.type === 'none';
    // The client would take it for the WebSocket.
    const isOther = this.#context.isWebSocket && head.status < 300;
    fields[':status'] = String(isOther ? NOT_SWITCHED : head.status);
    this.body.respond(fields, { endStream, waitForTrailers: this.#sendsTrailers });
  }

  /** Node sends the head of its own accord, with what is written at the same time. */
  flush(): void {
    return undefined;
  }

  write(chunk: Buffer): boolean {
    // After a status that has no body Node has ended the stream.
    return this.body.writableEnded || this.body.write(chunk);
  }

  end(trailers: readonly string[]): void {
    const stream = this.body;
    if (this.#sendsTrailers) {
      stream.once('wantTrailers', () => {
        stream.sendTrailers(trailerFields(trailers));
      });
    }
    this.#endStream();
  }

  answer(status: OwnStatus): void {
    if (this.#isGone) return;
    const { fields, body } = ownAnswer(status);
    const said = securityField(this.#context.transportSecurity);
    this.body.respond({ ...fields, ...said, ':status': status });
    if (!this.body.writableEnded) {
      this.body.write(body);
      this.#answered = body.length;
    }
    this.#endStream();
  }

  cut(): void {
    this.isCut = true;
    this.body.close(NGHTTP2_INTERNAL_ERROR);
  }

  get #isGone(): boolean {
    return this.body.destroyed || this.body.closed || this.body.headersSent;
  }

  /** RFC 9113 §8.1: the client is told that the rest of its body is for nobody. */
  #endStream(): void {
    const stream = this.body;
    const close = (): void => {
      if (!stream.endAfterHeaders && !stream.readableEnded) stream.close(NGHTTP2_NO_ERROR);
    };
    if (stream.writableFinished) close();
    else stream.once('finish', close);
    stream.end();
  }

  #onTrailers(rawTrailers: readonly string[]): void {
    this.trailers = rawTrailers;
    if (forbiddenTrailer(rawTrailers) === null) return;
    this.#refuse(FORBIDDEN_TRAILER);
  }

  /** Node pushes what has come of the body. */
  #limitBody(most: number): void {
    const stream = this.body;
    const push = stream.push.bind(stream);
    let bytes = 0;
    stream.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
      bytes += chunk?.length ?? 0;
      if (bytes <= most) return push(chunk, encoding);
      // What still comes is for nobody.
      stream.push = () => true;
      this.#refuse(BODY_TOO_LARGE);
      return true;
    };
  }

  #refuse(refused: Refusal): void {
    const tellGone = this.#onClose;
    const { headersSent } = this.body;
    this.isRefused = true;
    // The application sees the client leave, as in HTTP/1.1.
    tellGone();
    if (headersSent) this.cut();
    else refuseStream(this.body, refused, this.#context.transportSecurity);
    this.#context.onRefused(refused);
  }
}

/** What an answer would have been in HTTP/1.1, for figures that compare. */
function headText(status: number, fields: object): string {
  let text = `HTTP/2.0 ${status}\r\n`;
  for (const [name, value] of Object.entries(fields)) text += `${name}: ${String(value)}\r\n`;
  return `${text}\r\n`;
}

/** Answers a refused request; the connection serves on, since streams are told apart by frames. */
export function refuseStream(
  stream: ServerHttp2Stream,
  { status, reason }: Pick<Refusal, 'status' | 'reason'>,
  transportSecurity: string | null,
): void {
  if (stream.destroyed || stream.closed) return;
  const body = `${reason}\n`;
  stream.respond({
    ':status': status,
    'content-type': 'text/plain; charset=utf-8',
    'content-length': body.length,
    ...securityField(transportSecurity),
  });
  stream.once('finish', () => {
    if (!stream.endAfterHeaders) stream.close(NGHTTP2_NO_ERROR);
  });
  if (stream.writableEnded) return;
  stream.end(body);
}
