import http from 'node:http';
import type net from 'node:net';
import { Readable } from 'node:stream';
import { CLIENT_LEFT, type Logged } from '../../request-log/logged.js';
import type { ClientSide } from '../client-side.js';
import { ownAnswer, type OwnStatus } from '../own-answers.js';
import { resetConnection } from '../reset.js';
import { responseFields } from '../response-fields.js';
import type { Framing, ResponseHead } from '../response-head.js';
import { withTransportSecurity } from '../transport-security.js';
import type { SimpleRequest } from './simple-request.js';

/** A small body waits for its end, to go out together with the head. */
const MOST_HELD = 16_384;

/** What an answer needs to know of the connection that it is sent on. */
export interface SimpleSide {
  readonly socket: net.Socket;
  readonly transportSecurity: string | null;
  /** What a connection says that stays open, as a line of the head. */
  readonly keepAliveLine: string;
  /** Whether answers close their connections. */
  readonly isDraining: boolean;
  /** All of an answer was taken by the kernel; `isLast`: the connection ends with it. */
  answered(isLast: boolean): void;
}

/** The client of a simple request: its answer is written by the router itself. */
export class SimpleClient implements ClientSide {
  readonly #request: SimpleRequest;
  readonly #side: SimpleSide;
  /** The head of the answer; empty: it has not begun. */
  #head = '';
  #status: number = CLIENT_LEFT;
  #isLast: boolean;
  /** Whether the head is still to be written. */
  #isHeadHeld = false;
  /** What came first of the body, while it may be all of it. */
  #held: Buffer | null = null;
  #isChunked = false;
  #sendsTrailers = false;
  /** Bytes of the body of an answer in the worker's stead. */
  #answeredBytes = 0;
  isAnswered = false;
  /** There is no body in which anything could be found. */
  readonly isRefused = false;
  #onClose: () => void = nothing;
  #onRoom: () => void = nothing;

  constructor(request: SimpleRequest, side: SimpleSide) {
    this.#request = request;
    this.#side = side;
    this.#isLast = request.closes;
  }

  get method(): string {
    return this.#request.method;
  }

  get url(): string {
    return this.#request.url;
  }

  /** There is none. */
  get body(): Readable {
    return Readable.from([]);
  }

  get trailers(): readonly string[] {
    return [];
  }

  get logged(): Omit<Logged, 'micros'> {
    return {
      request: this.#request,
      status: this.#status,
      head: this.#head,
      tx: this.#head.length + this.#answeredBytes,
      core: -1,
      isStatic: false,
      isCut: this.#head === '',
    };
  }

  attach(onClose: () => void, onRoom: () => void): void {
    this.#onClose = onClose;
    this.#onRoom = onRoom;
  }

  detach(): void {
    this.#onClose = this.#onRoom = nothing;
  }

  /** The connection is closed. */
  closed(): void {
    this.#onClose();
  }

  /** The connection takes more. */
  drained(): void {
    this.#onRoom();
  }

  /** Without `Expect` nobody waits for 100. */
  informational({ status, reason, rawHeaders }: ResponseHead): void {
    if (status === 100) return;
    this.#write(
      `HTTP/1.1 ${status} ${reason}\r\n${lines(responseFields({ status, rawHeaders }, false))}\r\n`,
    );
  }

  head(head: ResponseHead, isLast: boolean): void {
    const { status, reason, framing } = head;
    this.#isChunked = framing.type === 'chunked' || framing.type === 'close';
    this.#sendsTrailers = framing.type === 'chunked';
    const fields = responseFields(head, this.#sendsTrailers);
    this.#begin(status, reason, withTransportSecurity(fields, this.#side.transportSecurity), {
      isLast,
      framing,
    });
  }

  flush(): void {
    const held = this.#held;
    this.#held = null;
    if (held !== null) this.#writeBody(held);
    else if (this.#isHeadHeld) this.#write('');
  }

  write(chunk: Buffer): boolean {
    if (this.#isHeadHeld && this.#held === null && chunk.length <= MOST_HELD) {
      this.#held = chunk;
      return true;
    }
    if (this.#held !== null) this.flush();
    return this.#writeBody(chunk);
  }

  end(trailers: readonly string[]): void {
    const held = this.#held;
    this.#held = null;
    const body = held === null ? '' : this.#framed(held.toString('latin1'));
    const last = this.#isChunked ? `0\r\n${this.#sendsTrailers ? lines(trailers) : ''}\r\n` : '';
    const { socket } = this.#side;
    const rest = `${this.#takeHead()}${body}${last}`;
    if (rest !== '') socket.write(rest, 'latin1');
    this.#settle();
  }

  answer(status: OwnStatus): void {
    const { fields, body } = ownAnswer(status);
    const told = Object.entries(fields).flatMap(([name, value]) => [name, String(value)]);
    const framing = { type: 'length', length: body.length } as const;
    const said = withTransportSecurity(told, this.#side.transportSecurity);
    this.#begin(status, http.STATUS_CODES[status] ?? '', said, { isLast: true, framing });
    const sent = this.method === 'HEAD' ? '' : body;
    this.#answeredBytes = sent.length;
    this.#write(sent);
    this.#settle();
  }

  /** A reset, since the end of a connection can be the end of an answer (RFC 9112 §6.3). */
  cut(): void {
    const { socket } = this.#side;
    // Only TCP can: Node throws for what is neither.
    if (socket.remoteFamily !== undefined && !('encrypted' in socket)) resetConnection(socket);
    else socket.destroy();
  }

  #begin(
    status: number,
    reason: string,
    fields: readonly string[],
    { isLast, framing }: { readonly isLast: boolean; readonly framing: Framing },
  ): void {
    const side = this.#side;
    this.#isLast ||= isLast || side.isDraining;
    this.#status = status;
    this.#head =
      `HTTP/1.1 ${status} ${reason}\r\n${lines(fields)}${hasDate(fields) ? '' : dateLine()}` +
      (this.#isLast ? 'Connection: close\r\n' : side.keepAliveLine) +
      (framing.type === 'chunked' || framing.type === 'close'
        ? 'Transfer-Encoding: chunked\r\n\r\n'
        : '\r\n');
    this.#isHeadHeld = true;
  }

  /** The head, if it is still to be written. */
  #takeHead(): string {
    if (!this.#isHeadHeld) return '';
    this.#isHeadHeld = false;
    return this.#head;
  }

  #write(text: string): void {
    this.#side.socket.write(`${this.#takeHead()}${text}`, 'latin1');
  }

  #writeBody(chunk: Buffer): boolean {
    const { socket } = this.#side;
    if (!this.#isHeadHeld && !this.#isChunked) return socket.write(chunk);
    socket.cork();
    if (this.#isHeadHeld) this.#write('');
    if (this.#isChunked) socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
    let hasRoom = socket.write(chunk);
    if (this.#isChunked) hasRoom = socket.write('\r\n', 'latin1');
    socket.uncork();
    return hasRoom;
  }

  #framed(text: string): string {
    return this.#isChunked ? `${text.length.toString(16)}\r\n${text}\r\n` : text;
  }

  /** Tells when all is written, which it nearly always is at once. */
  #settle(): void {
    const { socket } = this.#side;
    if (socket.writableLength === 0) this.#finish();
    else socket.write('', this.#finish);
  }

  readonly #finish = (error?: Error | null): void => {
    if (error !== null && error !== undefined) return;
    this.isAnswered = true;
    this.#onClose();
    this.#side.answered(this.#isLast);
  };
}

function nothing(): void {
  return undefined;
}

function lines(fields: readonly string[]): string {
  let text = '';
  for (let i = 0; i < fields.length; i += 2)
    text += `${fields[i] ?? ''}: ${fields[i + 1] ?? ''}\r\n`;
  return text;
}

function hasDate(fields: readonly string[]): boolean {
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'date') return true;
  }
  return false;
}

/** RFC 9110 §6.6.1: who has a clock adds it. */
function dateLine(): string {
  return `Date: ${new Date().toUTCString()}\r\n`;
}
