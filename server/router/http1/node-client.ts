import type { IncomingMessage, ServerResponse } from 'node:http';
import { isGivenUp } from '../../http/giving-up.js';
import type { ClientSide } from '../client-side.js';
import type { Logged } from '../../request-log/logged.js';
import { ownAnswerToLog } from '../own-answer-to-log.js';
import { answerOneself, type OwnStatus } from '../own-answers.js';
import { resetConnection } from '../reset.js';
import { responseFields } from '../response-fields.js';
import type { ResponseHead } from '../response-head.js';
import { withTransportSecurity } from '../transport-security.js';

/** A small body waits for its end, to go out together with the head. */
const MOST_HELD = 16_384;

/** A client that speaks HTTP/1. */
export class NodeClient implements ClientSide {
  readonly body: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #transportSecurity: string | null;
  #sendsTrailers = false;
  /** Whether nothing of the body has come. */
  #isFirst = false;
  /** What came first of the body, while it may be all of it. */
  #held: Buffer | null = null;
  #onClose: () => void = () => undefined;
  #onRoom: () => void = () => undefined;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    transportSecurity: string | null,
  ) {
    this.body = request;
    this.#response = response;
    this.#transportSecurity = transportSecurity;
  }

  get method(): string {
    return this.body.method ?? '';
  }

  get url(): string {
    return this.body.url ?? '';
  }

  get trailers(): readonly string[] {
    return this.body.rawTrailers;
  }

  get isAnswered(): boolean {
    return this.#response.writableFinished;
  }

  get isRefused(): boolean {
    return isGivenUp(this.body.socket);
  }

  get logged(): Omit<Logged, 'micros'> {
    return ownAnswerToLog(this.#response);
  }

  attach(onClose: () => void, onRoom: () => void): void {
    this.#onClose = onClose;
    this.#onRoom = onRoom;
    this.#response.on('close', onClose).on('drain', onRoom);
  }

  detach(): void {
    this.#response.off('close', this.#onClose).off('drain', this.#onRoom);
  }

  informational({ status, reason, rawHeaders }: ResponseHead, expectsContinue: boolean): void {
    const response = this.#response;
    // HTTP/1.0 does not know them (RFC 9110 §15.2).
    if (this.body.httpVersionMinor === 0 || response.socket === null) return;
    if (status === 100) {
      if (expectsContinue) response.writeContinue();
      return;
    }
    let text = `HTTP/1.1 ${status} ${reason}\r\n`;
    const fields = responseFields({ status, rawHeaders }, false);
    for (let i = 0; i < fields.length; i += 2)
      text += `${fields[i] ?? ''}: ${fields[i + 1] ?? ''}\r\n`;
    response.socket.write(`${text}\r\n`, 'latin1');
  }

  head(head: ResponseHead, isLast: boolean): void {
    const response = this.#response;
    this.#sendsTrailers =
      head.framing.type === 'chunked' &&
      this.body.httpVersionMinor === 1 &&
      // Node sends no chunks where a length was announced, and no end of them after HEAD.
      this.body.method !== 'HEAD';
    if (isLast) response.shouldKeepAlive = false;
    const fields = responseFields(head, this.#sendsTrailers);
    response.writeHead(
      head.status,
      head.reason,
      withTransportSecurity(fields, this.#transportSecurity),
    );
    this.#isFirst = true;
  }

  flush(): void {
    const held = this.#held;
    this.#held = null;
    this.#isFirst = false;
    if (held === null) this.#response.flushHeaders();
    else this.#response.write(held);
  }

  write(chunk: Buffer): boolean {
    if (this.#isFirst && chunk.length <= MOST_HELD) {
      this.#isFirst = false;
      this.#held = chunk;
      return true;
    }
    if (this.#held !== null) this.flush();
    return this.#response.write(chunk);
  }

  end(trailers: readonly string[]): void {
    const response = this.#response;
    if (this.#sendsTrailers && trailers.length > 0) response.addTrailers(pairs(trailers));
    if (this.#held === null) {
      response.end();
      return;
    }
    // As text, which Node writes to the kernel in one piece with the head.
    response.end(this.#held.toString('latin1'), 'latin1');
    this.#held = null;
  }

  answer(status: OwnStatus): void {
    answerOneself(this.#response, status);
  }

  /** A reset, since the end of a connection can be the end of an answer (RFC 9112 §6.3). */
  cut(): void {
    const { socket } = this.#response;
    if (socket === null) {
      this.#response.destroy();
      return;
    }
    // Only TCP can: Node throws for what is neither.
    if (socket.remoteFamily !== undefined && !('encrypted' in socket)) resetConnection(socket);
    else socket.destroy();
  }
}

function pairs(fields: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let i = 0; i < fields.length; i += 2) found.push([fields[i] ?? '', fields[i + 1] ?? '']);
  return found;
}
