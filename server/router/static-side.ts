import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { refuseFile } from '../static/answer.js';
import { sendAnswer } from '../static/send-answer.js';
import { createStatic, type StaticSettings } from '../static/static.js';

/** What the router counts and is told of requests for files. */
export interface StaticDesk {
  readonly timeoutMs: number;
  /** Whether answers close their connections. */
  readonly isDraining: () => boolean;
  readonly log: (line: string) => void;
  /** The client left before the end of its answer. */
  readonly aborted: () => void;
  /** An answer is over: bytes that were written of it, and how long it took, in microseconds. */
  readonly sent: (response: ServerResponse, tx: number, micros: number) => void;
  /** Nothing more happens to a request: it was answered, or is an exchange by now. */
  readonly ended: () => void;
}

/** How far an answer has come. */
interface Sending {
  readonly socket: Socket;
  /** Bytes of the connection so far. */
  written: number;
  progressAt: number;
}

/** Answers requests from files, without a worker. */
export class StaticSide {
  readonly #files: ReturnType<typeof createStatic>;
  readonly #desk: StaticDesk;
  readonly #open = new Map<ServerResponse, Sending>();
  #served = 0;

  constructor(settings: StaticSettings, desk: StaticDesk) {
    this.#files = createStatic(settings);
    this.#desk = desk;
  }

  /** Answered from files so far. */
  get served(): number {
    return this.#served;
  }

  /** Under way now. */
  get size(): number {
    return this.#open.size;
  }

  /** Takes a request that might be for a file, and gives it back by `missed` when it is not. */
  take(request: IncomingMessage, response: ServerResponse, missed: () => void): boolean {
    const files = this.#files;
    if (files?.mayHave(request) !== true) return false;
    const { socket } = request;
    const startedAt = performance.now();
    const from = socket.bytesWritten;
    const onClose = (): void => {
      if (!response.writableFinished) this.#desk.aborted();
      const micros = (performance.now() - startedAt) * 1000;
      this.#desk.sent(response, socket.bytesWritten - from, micros);
      this.#end(response);
    };
    response.once('close', onClose);
    this.#open.set(response, { socket, written: from, progressAt: startedAt });
    files.find(request).then(
      (answer) => {
        if (answer === null && !response.destroyed) {
          response.off('close', onClose);
          // Before it is no longer counted here, so that a router that drains waits for it.
          missed();
          this.#end(response);
          return;
        }
        if (answer === null) return;
        if (!response.destroyed) this.#served++;
        if (this.#desk.isDraining()) response.shouldKeepAlive = false;
        sendAnswer(answer, response);
      },
      (error: unknown) => {
        this.#desk.log(`${request.method ?? ''} ${request.url ?? ''}: ${String(error)}`);
        sendAnswer(refuseFile(500), response);
      },
    );
    return true;
  }

  /** Looks at the clock: who takes nothing of its answer for too long gets no more. */
  sweep(now: number): void {
    for (const [response, sending] of this.#open) {
      const written = sending.socket.bytesWritten;
      if (written !== sending.written) {
        sending.written = written;
        sending.progressAt = now;
      } else if (this.#desk.timeoutMs > 0 && now - sending.progressAt >= this.#desk.timeoutMs) {
        this.#desk.log(
          `${response.req.method ?? ''} ${response.req.url ?? ''}: the client takes no more`,
        );
        response.destroy();
      }
    }
  }

  /** Breaks all that is under way. */
  close(): void {
    for (const response of this.#open.keys()) response.destroy();
  }

  #end(response: ServerResponse): void {
    if (this.#open.delete(response)) this.#desk.ended();
  }
}
