import { STATUS_CODES } from 'node:http';
import type { StaticAnswer } from '../static/answer.js';
import type { ClientSide } from './client-side.js';

/** Sends one answer from a file to a client, no faster than it reads. */
export class FileToClient {
  readonly #client: ClientSide;
  #body: StaticAnswer['body'] = null;
  #sent = 0;
  #steps = 0;

  constructor(client: ClientSide) {
    this.#client = client;
  }

  /** Bytes of the body that were handed over so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Grows while the client takes some of it. */
  get steps(): number {
    return this.#steps;
  }

  begin({ status, headers, body }: StaticAnswer): void {
    const client = this.#client;
    this.#body = body;
    const length = Number(headers['Content-Length'] ?? 0);
    client.head(
      {
        ...{ status, reason: STATUS_CODES[status] ?? '' },
        rawHeaders: Object.entries(headers).flatMap(([name, value]) => [name, String(value)]),
        framing: body === null ? { type: 'none' } : { type: 'length', length },
        ...{ keepsAlive: true, idleSeconds: null },
      },
      false,
    );
    if (body === null || Buffer.isBuffer(body)) {
      if (body !== null) this.#write(body);
      client.end([]);
      return;
    }
    body
      .on('data', (chunk: Buffer) => {
        if (!this.#write(chunk)) body.pause();
      })
      .once('error', () => {
        client.cut();
      })
      .once('end', () => {
        // A file that was cut short meanwhile: the client must not take it for the whole.
        if (this.#sent === length) client.end([]);
        else client.cut();
      });
  }

  /** The client takes more. */
  room(): void {
    this.#steps++;
    if (this.#body !== null && !Buffer.isBuffer(this.#body)) this.#body.resume();
  }

  /** Nothing more is sent: the file is closed. */
  stop(): void {
    if (this.#body !== null && !Buffer.isBuffer(this.#body)) this.#body.destroy();
  }

  #write(chunk: Buffer): boolean {
    this.#steps++;
    this.#sent += chunk.length;
    return this.#client.write(chunk);
  }
}
