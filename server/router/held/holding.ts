import { tmpdir } from 'node:os';
import { messageOf } from '../../../shared/result.js';
import { word } from '../../request-log/escape.js';
import type { ClientSide } from '../client-side.js';
import type { OwnStatus } from '../own-answers.js';
import type { HeldBody } from './held-body.js';

/** What is needed of the router. */
export interface HoldingDesk {
  readonly settings: { readonly timeoutMs: number };
  log(line: string): void;
  count(what: 'aborted'): void;
  /** It was answered by the router itself. */
  answered(status: OwnStatus, client: ClientSide, micros: number): void;
  /** Its client left before a back end was asked. */
  unasked(client: ClientSide, micros: number): void;
  /** One is held no more. */
  released(): void;
}

/** In `answered` the client has not taken all of the answer yet. */
type Phase = 'holding' | 'answered' | 'over';

/** What is told of one. */
export interface HoldingOutcome {
  /** All of the body is there. */
  complete(): void;
  /** It is held no more. */
  over(): void;
}

/** One request whose body is held until its end; it is gone before that when its client is. */
export class Holding {
  readonly #desk: HoldingDesk;
  readonly #client: ClientSide;
  readonly #body: HeldBody;
  readonly #outcome: HoldingOutcome;
  readonly #startedAt = performance.now();
  #progressAt = this.#startedAt;
  #phase: Phase = 'holding';
  #isWriting = false;

  constructor(desk: HoldingDesk, client: ClientSide, body: HeldBody, outcome: HoldingOutcome) {
    this.#desk = desk;
    this.#client = client;
    this.#body = body;
    this.#outcome = outcome;
    client.attach(this.#onClose, () => undefined);
    client.body.on('data', this.#onData).on('end', this.#onEnd);
  }

  sweep(now: number): void {
    const { timeoutMs } = this.#desk.settings;
    if (timeoutMs === 0 || now - this.#progressAt < timeoutMs) return;
    if (this.#phase === 'answered') this.close();
    else if (this.#isWriting) this.#fail('a file takes nothing');
    else this.#answer(408);
  }

  close(): void {
    this.#end();
    this.#client.cut();
  }

  readonly #onData = (piece: Buffer): void => {
    this.#progressAt = performance.now();
    const written = this.#body.take(piece);
    if (written === null) return;
    const { body } = this.#client;
    body.pause();
    this.#isWriting = true;
    written.then(
      () => {
        this.#isWriting = false;
        this.#progressAt = performance.now();
        body.resume();
      },
      (error: unknown) => {
        this.#fail(messageOf(error));
      },
    );
  };

  readonly #onEnd = (): void => {
    this.#stopReading();
    this.#client.detach();
    this.#phase = 'over';
    // Before it is no longer counted here, so that a router that drains waits for it.
    this.#outcome.complete();
    this.#outcome.over();
  };

  readonly #onClose = (): void => {
    const client = this.#client;
    const wasHolding = this.#phase === 'holding';
    this.#end();
    if (!client.isAnswered) this.#desk.count('aborted');
    if (wasHolding && !client.isRefused) this.#desk.unasked(client, this.#micros());
  };

  #fail(why: string): void {
    if (this.#phase !== 'holding') return;
    const { method, url } = this.#client;
    this.#desk.log(
      `${method} ${word(url)}: its body of more than ${this.#body.length} bytes cannot be held ` +
        `in ${tmpdir()}: ${why}; make room there, set TMPDIR to another folder, or set --limit-post`,
    );
    this.#answer(507);
  }

  #answer(status: OwnStatus): void {
    const client = this.#client;
    this.#stopReading();
    this.#body.discard();
    this.#phase = 'answered';
    this.#progressAt = performance.now();
    client.answer(status);
    this.#desk.answered(status, client, this.#micros());
    // What still comes is for nobody, and unread it could cost the client its answer.
    client.body.resume();
  }

  #end(): void {
    this.#stopReading();
    this.#body.discard();
    this.#phase = 'over';
    this.#client.detach();
    this.#outcome.over();
  }

  #stopReading(): void {
    this.#client.body.off('data', this.#onData).off('end', this.#onEnd);
  }

  #micros(): number {
    return (performance.now() - this.#startedAt) * 1000;
  }
}
