import type { IncomingMessage, ServerResponse } from 'node:http';
import { saidOnEachAnswer } from '../http/connection-fields.js';
import { refuseFile } from '../static/answer.js';
import { sendAnswer } from '../static/send-answer.js';
import { createStatic, type StaticAnswer } from '../static/static.js';
import type { ClientSide } from './client-side.js';
import { FileToClient } from './file-to-client.js';
import type { RouterLines } from './request-lines.js';
import type { RouterSettings } from './settings.js';

/** What the router counts and is told of requests for files. */
export interface StaticDesk {
  readonly settings: Pick<RouterSettings, 'files' | 'timeoutMs'>;
  /** Whether answers close their connections. */
  readonly isDraining: boolean;
  log(line: string): void;
  count(what: 'aborted'): void;
  /** Nothing more happens to a request: it was answered, or is an exchange by now. */
  released(): void;
}

/** How far an answer has come. */
interface Sending {
  /** For the log. */
  readonly name: string;
  /** Grows while the client takes some of it. */
  readonly progress: () => number;
  readonly breakOff: () => void;
  seen: number;
  progressAt: number;
}

/** Answers requests from files, without a worker. */
export class StaticSide {
  readonly #files: ReturnType<typeof createStatic>;
  readonly #desk: StaticDesk;
  readonly #lines: Pick<RouterLines, 'sent' | 'sentOnStream'>;
  readonly #open = new Map<ServerResponse | ClientSide, Sending>();
  #served = 0;

  /** `lines` is told of each answer that is over. */
  constructor(desk: StaticDesk, lines: Pick<RouterLines, 'sent' | 'sentOnStream'>) {
    this.#files = createStatic(desk.settings.files);
    this.#desk = desk;
    this.#lines = lines;
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
      if (!response.writableFinished) this.#desk.count('aborted');
      const micros = (performance.now() - startedAt) * 1000;
      this.#lines.sent(response, socket.bytesWritten - from, micros);
      this.#end(response);
    };
    response.once('close', onClose);
    const send = (answer: StaticAnswer): void => {
      const headers = { ...answer.headers, ...saidOnEachAnswer(socket) };
      sendAnswer({ ...answer, headers }, response);
    };
    this.#open.set(response, {
      name: `${request.method ?? ''} ${request.url ?? ''}`,
      progress: () => socket.bytesWritten,
      breakOff: () => response.destroy(),
      ...{ seen: from, progressAt: startedAt },
    });
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
        if (this.#desk.isDraining) response.shouldKeepAlive = false;
        send(answer);
      },
      (error: unknown) => {
        this.#desk.log(`${request.method ?? ''} ${request.url ?? ''}: ${String(error)}`);
        send(refuseFile(500));
      },
    );
    return true;
  }

  /** The same for a request on a stream of HTTP/2. */
  takeStream(client: ClientSide, missed: () => void): boolean {
    const files = this.#files;
    if (files?.mayHave(client) !== true) return false;
    const { request } = client.logged;
    const startedAt = performance.now();
    const file = new FileToClient(client);
    const leave = (): void => {
      client.detach();
      file.stop();
      if (!client.isAnswered) this.#desk.count('aborted');
      this.#lines.sentOnStream(client, file.sent, (performance.now() - startedAt) * 1000);
      this.#end(client);
    };
    client.attach(leave, () => {
      file.room();
    });
    const name = `${client.method} ${client.url}`;
    this.#open.set(client, {
      ...{ name, seen: 0, progressAt: startedAt },
      progress: () => file.steps,
      breakOff: () => {
        client.cut();
      },
    });
    const answer = (found: StaticAnswer): void => {
      if (this.#open.has(client)) file.begin(found);
      else discard(found);
    };
    files.find(request).then(
      (found) => {
        if (found !== null) {
          if (this.#open.has(client)) this.#served++;
          answer(found);
        } else if (this.#open.has(client)) {
          client.detach();
          missed();
          this.#end(client);
        }
      },
      (error: unknown) => {
        this.#desk.log(`${name}: ${String(error)}`);
        answer(refuseFile(500));
      },
    );
    return true;
  }

  /** Looks at the clock: who takes nothing of its answer for too long gets no more. */
  sweep(now: number): void {
    const { timeoutMs } = this.#desk.settings;
    for (const sending of this.#open.values()) {
      const progress = sending.progress();
      if (progress !== sending.seen) {
        sending.seen = progress;
        sending.progressAt = now;
      } else if (timeoutMs > 0 && now - sending.progressAt >= timeoutMs) {
        this.#desk.log(`${sending.name}: the client takes no more`);
        sending.breakOff();
      }
    }
  }

  /** Breaks all that is under way. */
  close(): void {
    for (const { breakOff } of this.#open.values()) breakOff();
  }

  #end(client: ServerResponse | ClientSide): void {
    if (this.#open.delete(client)) this.#desk.released();
  }
}

/** Closes the file of an answer that nobody waits for any more. */
function discard({ body }: StaticAnswer): void {
  if (body !== null && !Buffer.isBuffer(body)) body.destroy();
}
