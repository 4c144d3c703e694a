import type { Asker, BackendConnection } from './backend-connection.js';
import type { BackendPool } from './backend-pool.js';
import type { ClientSide } from './client-side.js';
import type { Applicant, NoPlace } from './dispatcher.js';
import { word } from '../request-log/escape.js';
import type { OwnStatus } from './own-answers.js';
import type { RequestHead } from './request-head.js';
import { CONTINUE, type ResponseHead } from './response-head.js';
import { type Attempt, mayRetry } from './retry.js';
import type { RouterSettings } from './settings.js';
import { Upload, type UploadSource } from './upload.js';

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
  answered(status: OwnStatus, client: ClientSide, micros: number): void;
  /** Its client left before a worker was asked. */
  unasked(client: ClientSide, micros: number): void;
  log(line: string): void;
  /** Nothing more happens to it. */
  ended(exchange: Exchange): void;
}

/** A body that is there. */
export interface HeldUpload extends UploadSource {
  /** Gives back what holding it takes. */
  discard(): void;
}

/** What a client asks. */
export interface Question {
  readonly client: ClientSide;
  readonly head: RequestHead;
  /** The same for back ends of the uwsgi protocol; null: none is asked. */
  readonly packet: Buffer | null;
  /** Its body, where all of that came before anybody is asked; null: it comes from the client. */
  readonly held: HeldUpload | null;
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
  /** When its backend got it. */
  #placedAt = 0;
  /** Whether the head of the answer waits for what goes out with it. */
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
    question.client.attach(this.#onClose, this.#onRoom);
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
    this.#placedAt = performance.now();
    this.#progressAt = this.#placedAt;
    const { client, head, packet } = this.#question;
    this.#connection = backend.connection(this.#progressAt);
    const isPacket = backend.foreign?.protocol === 'uwsgi' && packet !== null;
    this.#connection.ask(client.method, isPacket ? packet : head.text, this);
  }

  turnedAway(why: NoPlace): void {
    this.#desk.log(`${this.#name()}: ${why}`);
    this.#answer(503);
  }

  connected(): void {
    this.#phase = 'asking';
    this.#progressAt = performance.now();
    const { client, head, held } = this.#question;
    if (head.body === 'none' || this.#connection === null) return;
    const isPacket = this.#backend?.foreign?.protocol === 'uwsgi';
    // The protocol has no way to ask for the body, and none to send it in chunks.
    if (isPacket) this.informational(CONTINUE);
    const isChunked = head.body === 'chunked' && !isPacket;
    this.#upload = new Upload(held ?? client, this.#connection, isChunked, () => {
      this.#progressAt = performance.now();
    });
  }

  drained(): void {
    this.#upload?.drained();
  }

  informational(head: ResponseHead): void {
    this.#progressAt = performance.now();
    this.#question.client.informational(head, this.#question.head.expectsContinue);
  }

  head(head: ResponseHead): void {
    this.#phase = 'answering';
    this.#backend?.answered(performance.now());
    this.#question.client.head(head, this.#desk.isDraining);
    this.#isHeadHeld = true;
  }

  data(chunk: Buffer): void {
    if (this.#question.client.write(chunk) || this.#isHeld) return;
    this.#isHeld = true;
    this.#connection?.pause();
  }

  end(trailers: readonly string[]): void {
    this.#stopAsking();
    this.#question.client.end(trailers);
  }

  fed(): void {
    this.#progressAt = performance.now();
    if (!this.#isHeadHeld) return;
    this.#isHeadHeld = false;
    this.#question.client.flush();
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
      method: this.#question.client.method,
      connected: this.#phase !== 'connecting',
      bodyBegan: this.#upload !== null,
      answerBegan: this.#phase === 'answering',
      isForeign: backend.foreign !== null,
      retries: this.#retries,
    };
    this.#desk.log(`${this.#name()}: ${backend.name}: ${why}`);
    if (!attempt.connected) backend.unreachable(performance.now(), this.#placedAt);
    if (mayRetry(attempt)) this.#retry(backend, attempt);
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
        `${this.#name()}: ${isClient ? 'the client takes' : 'the back end sends'} no more`,
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
    if (!isClient && this.#backend !== null) {
      this.#backend.errors++;
      this.#backend.silent(performance.now(), this.#placedAt);
    }
    this.#answer(isClient ? 408 : 504);
  }

  #retry(backend: BackendPool, { isForeign = false, connected }: Attempt): void {
    if (connected || !isForeign) this.#retries++;
    this.#desk.count('retries');
    this.avoided = backend;
    this.#phase = 'queued';
    this.#connection = null;
    this.over();
    this.#desk.place(this);
  }

  /** Answers in the worker's stead, before the worker did. */
  #answer(status: OwnStatus): void {
    const { client } = this.#question;
    this.#stopAsking();
    this.#leaveBackend();
    client.answer(status);
    this.#desk.answered(status, client, this.#micros());
  }

  /** The client must not take what it has for the whole answer. */
  #cutOff(): void {
    this.#finish();
    this.#leaveBackend();
    this.#question.client.cut();
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
    this.#question.held?.discard();
    this.#question.client.detach();
    this.#desk.ended(this);
  }

  readonly #onClose = (): void => {
    const { client } = this.#question;
    if (!client.isAnswered) this.#desk.count('aborted');
    const isUnasked = this.#phase === 'queued' || this.#phase === 'connecting';
    if (isUnasked) this.#desk.unasked(client, this.#micros());
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
    const { method, url } = this.#question.client;
    return `${method} ${word(url)}`;
  }
}
