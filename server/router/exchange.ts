import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Asker, BackendConnection } from './backend-connection.js';
import type { BackendPool } from './backend-pool.js';
import type { Applicant, NoPlace } from './dispatcher.js';
import { answerOneself, type OwnStatus } from './own-answers.js';
import { word } from '../request-log/escape.js';
import type { RequestHead } from './request-head.js';
import { responseFields } from './response-fields.js';
import type { ResponseHead } from './response-head.js';
import { mayRetry } from './retry.js';
import type { RouterSettings } from './settings.js';
import { Upload } from './upload.js';

/** What an exchange needs of the router. */
export interface Desk {
  readonly settings: RouterSettings;
  /** Whether answers close their connections. */
  readonly isDraining: boolean;
  place(applicant: Applicant): void;
  withdraw(applicant: Applicant): void;
  release(backend: BackendPool): void;
  count(what: 'retries' | 'aborted'): void;
  /** It was answered by the router itself. */
  answered(status: OwnStatus, response: ServerResponse, micros: number): void;
  /** Its client left before a worker was asked. */
  unasked(response: ServerResponse, micros: number): void;
  log(line: string): void;
  /** Nothing more happens to it. */
  ended(exchange: Exchange): void;
}

/** What a client asks. */
export interface Question {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly head: RequestHead;
  /** Takes both connections when the protocol is switched; null: it was not asked for. */
  readonly switchTo:
    ((head: ResponseHead, backend: BackendConnection, rest: Buffer) => void) | null;
}

/** In `ending` all of the answer is written, and the client has not taken it yet. */
type Phase = 'queued' | 'connecting' | 'asking' | 'answering' | 'ending' | 'over';

/** One request on its way to a worker, and its answer on the way back. */
export class Exchange implements Applicant, Asker {
  readonly #desk: Desk;
  readonly #question: Question;
  #phase: Phase = 'queued';
  #backend: BackendPool | null = null;
  #connection: BackendConnection | null = null;
  #upload: Upload | null = null;
  #retries = 0;
  #progressAt: number;
  #sendsTrailers = false;
  /** Whether the head of the answer waits for a first byte to go out with. */
  #isHeadHeld = false;
  /** Whether the client takes no more for now. */
  #isHeld = false;
  avoided: BackendPool | null = null;
  readonly waitingSince: number;

  constructor(desk: Desk, question: Question) {
    this.#desk = desk;
    this.#question = question;
    this.waitingSince = performance.now();
    this.#progressAt = this.waitingSince;
    question.response.on('close', this.#onClose).on('drain', this.#onRoom);
  }

  /** Looks for a worker. */
  start(): void {
    this.#desk.place(this);
  }

  get isSent(): boolean {
    return this.#question.head.body === 'none' || this.#upload?.isSent === true;
  }

  placed(backend: BackendPool): void {
    this.#backend = backend;
    this.#phase = 'connecting';
    this.#progressAt = performance.now();
    const { request, head } = this.#question;
    this.#connection = backend.connection(this.#progressAt);
    this.#connection.ask(request.method ?? '', head.text, this);
  }

  turnedAway(why: NoPlace): void {
    this.#desk.log(`${this.#name()}: ${why}`);
    this.#answer(503);
  }

  connected(): void {
    this.#phase = 'asking';
    this.#progressAt = performance.now();
    const { request, head } = this.#question;
    if (head.body === 'none' || this.#connection === null) return;
    this.#upload = new Upload(request, this.#connection, head.body === 'chunked', () => {
      this.#progressAt = performance.now();
    });
  }

  drained(): void {
    this.#upload?.drained();
  }

  informational({ status, reason, rawHeaders }: ResponseHead): void {
    const { request, response, head } = this.#question;
    this.#progressAt = performance.now();
    // HTTP/1.0 does not know them (RFC 9110 §15.2).
    if (request.httpVersionMinor === 0 || response.socket === null) return;
    if (status === 100) {
      if (head.expectsContinue) response.writeContinue();
      return;
    }
    let text = `HTTP/1.1 ${status} ${reason}\r\n`;
    const fields = responseFields({ status, rawHeaders }, false);
    for (let i = 0; i < fields.length; i += 2)
      text += `${fields[i] ?? ''}: ${fields[i + 1] ?? ''}\r\n`;
    response.socket.write(`${text}\r\n`, 'latin1');
  }

  head(head: ResponseHead): void {
    this.#phase = 'answering';
    const { request, response } = this.#question;
    this.#sendsTrailers =
      head.framing.type === 'chunked' &&
      request.httpVersionMinor === 1 &&
      // Node sends no chunks where a length was announced, and no end of them after HEAD.
      request.method !== 'HEAD';
    if (this.#desk.isDraining) response.shouldKeepAlive = false;
    response.writeHead(head.status, head.reason, responseFields(head, this.#sendsTrailers));
    this.#isHeadHeld = true;
  }

  data(chunk: Buffer): void {
    this.#isHeadHeld = false;
    if (this.#question.response.write(chunk) || this.#isHeld) return;
    this.#isHeld = true;
    this.#connection?.pause();
  }

  end(trailers: readonly string[]): void {
    const { response } = this.#question;
    if (this.#sendsTrailers && trailers.length > 0) response.addTrailers(pairs(trailers));
    this.#stopAsking();
    response.end();
  }

  fed(): void {
    this.#progressAt = performance.now();
    if (!this.#isHeadHeld) return;
    this.#isHeadHeld = false;
    this.#question.response.flushHeaders();
  }

  switched(head: ResponseHead, rest: Buffer): void {
    const { switchTo } = this.#question;
    const connection = this.#connection;
    if (switchTo === null || connection === null) {
      connection?.abandon();
      this.broken('it switched the protocol unasked');
      return;
    }
    this.#finish();
    switchTo(head, connection, rest);
    this.over();
  }

  over(): void {
    const backend = this.#backend;
    this.#backend = null;
    if (backend !== null) this.#desk.release(backend);
  }

  broken(why: string): void {
    const backend = this.#backend;
    if (this.#phase === 'over' || this.#phase === 'ending' || backend === null) {
      this.over();
      return;
    }
    backend.errors++;
    const attempt = {
      method: this.#question.request.method ?? '',
      connected: this.#phase !== 'connecting',
      bodyBegan: this.#upload !== null,
      answerBegan: this.#phase === 'answering',
      retries: this.#retries,
    };
    this.#desk.log(`${this.#name()}: worker ${backend.id}: ${why}`);
    if (mayRetry(attempt)) this.#retry(backend);
    else if (attempt.answerBegan) this.#cutOff();
    else this.#answer(attempt.connected ? 502 : 503);
  }

  /** Looks at the clock. */
  sweep(now: number): void {
    const { connectTimeoutMs, timeoutMs } = this.#desk.settings;
    const idle = now - this.#progressAt;
    if (this.#phase === 'connecting' && connectTimeoutMs > 0 && idle >= connectTimeoutMs) {
      this.#connection?.abandon();
      this.broken('no connection in time');
      return;
    }
    if (timeoutMs === 0 || idle < timeoutMs) return;
    if (this.#phase === 'asking') this.#onSilence();
    else if (this.#phase === 'answering' || this.#phase === 'ending') {
      const isClient = this.#isHeld || this.#phase === 'ending';
      this.#desk.log(
        `${this.#name()}: ${isClient ? 'the client takes' : 'the worker sends'} no more`,
      );
      this.#cutOff();
    }
  }

  /** Breaks it, whatever it is at. */
  close(): void {
    if (this.#phase !== 'over') this.#cutOff();
  }

  /** No head of an answer came: who is waited for? */
  #onSilence(): void {
    const isClient = this.#upload !== null && !this.#upload.isSent && !this.#upload.isHeld;
    if (!isClient && this.#backend !== null) this.#backend.errors++;
    this.#answer(isClient ? 408 : 504);
  }

  #retry(backend: BackendPool): void {
    this.#retries++;
    this.#desk.count('retries');
    this.avoided = backend;
    this.#phase = 'queued';
    this.#connection = null;
    this.over();
    this.#desk.place(this);
  }

  /** Answers in the worker's stead, before the worker did. */
  #answer(status: OwnStatus): void {
    const { response } = this.#question;
    this.#stopAsking();
    this.#leaveBackend();
    answerOneself(response, status);
    this.#desk.answered(status, response, this.#micros());
  }

  /** The client must not take what it has for the whole answer. */
  #cutOff(): void {
    const { response } = this.#question;
    this.#finish();
    this.#leaveBackend();
    cut(response);
  }

  #leaveBackend(): void {
    this.#connection?.abandon();
    this.#connection = null;
    this.over();
  }

  /** Nothing more is sent to a worker. */
  #stopAsking(): void {
    if (this.#phase === 'queued') this.#desk.withdraw(this);
    if (!this.isSent) this.#upload?.stop();
    this.#phase = 'ending';
    this.#progressAt = performance.now();
  }

  /** Nothing more is done for the client. */
  #finish(): void {
    this.#stopAsking();
    this.#phase = 'over';
    this.#question.response.off('close', this.#onClose).off('drain', this.#onRoom);
    this.#desk.ended(this);
  }

  readonly #onClose = (): void => {
    const { response } = this.#question;
    if (!response.writableFinished) this.#desk.count('aborted');
    const isUnasked = this.#phase === 'queued' || this.#phase === 'connecting';
    if (isUnasked) this.#desk.unasked(response, this.#micros());
    const isAnswered = this.#phase === 'ending';
    this.#finish();
    if (!isAnswered) this.#leaveBackend();
  };

  readonly #onRoom = (): void => {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#progressAt = performance.now();
    this.#connection?.resume();
  };

  /** Since it came. */
  #micros(): number {
    return (performance.now() - this.waitingSince) * 1000;
  }

  /** For the log: nothing with which the client could end a line. */
  #name(): string {
    const { method = '', url = '' } = this.#question.request;
    return `${method} ${word(url)}`;
  }
}

function pairs(fields: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let i = 0; i < fields.length; i += 2) found.push([fields[i] ?? '', fields[i + 1] ?? '']);
  return found;
}

/** A reset, since the end of a connection can be the end of an answer (RFC 9112 §6.3). */
function cut(response: ServerResponse): void {
  const { socket } = response;
  if (socket === null) {
    response.destroy();
    return;
  }
  // Only TCP can: Node throws for what is neither.
  if (socket.remoteFamily !== undefined && !('encrypted' in socket)) socket.resetAndDestroy();
  else socket.destroy();
}
