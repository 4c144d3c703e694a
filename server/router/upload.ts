import type { BackendConnection } from './backend-connection.js';
import type { ClientSide } from './client-side.js';

/** Where a body comes from: the client, or what was held of it. */
export type UploadSource = Pick<ClientSide, 'body' | 'trailers'>;

/** Streams the body of a request to a worker, no faster than the worker reads. */
export class Upload {
  readonly #source: UploadSource;
  readonly #connection: BackendConnection;
  readonly #isChunked: boolean;
  readonly #onProgress: () => void;
  #isHeld = false;
  #isSent = false;

  constructor(
    source: UploadSource,
    connection: BackendConnection,
    isChunked: boolean,
    onProgress: () => void,
  ) {
    this.#source = source;
    this.#connection = connection;
    this.#isChunked = isChunked;
    this.#onProgress = onProgress;
    source.body.on('data', this.#onData).on('end', this.#onEnd);
  }

  /** Whether all of it is on its way to the worker. */
  get isSent(): boolean {
    return this.#isSent;
  }

  /** Whether it is the worker that does not read, and not the client that does not send. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** The worker reads again. */
  drained(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#onProgress();
    this.#source.body.resume();
  }

  /** What still comes is for nobody. */
  stop(): void {
    this.#source.body.off('data', this.#onData).off('end', this.#onEnd).resume();
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#onProgress();
    const connection = this.#connection;
    let hasRoom: boolean;
    if (this.#isChunked) {
      connection.cork();
      connection.write(`${chunk.length.toString(16)}\r\n`);
      connection.write(chunk);
      hasRoom = connection.write('\r\n');
      connection.uncork();
    } else {
      hasRoom = connection.write(chunk);
    }
    if (hasRoom) return;
    this.#isHeld = true;
    this.#source.body.pause();
  };

  readonly #onEnd = (): void => {
    this.#onProgress();
    this.#isSent = true;
    if (this.#isChunked) this.#connection.write(lastChunk(this.#source.trailers));
  };
}

/** The end of a chunked body, with its trailers. */
function lastChunk(rawTrailers: readonly string[]): string {
  let text = '0\r\n';
  for (let i = 0; i < rawTrailers.length; i += 2) {
    text += `${rawTrailers[i] ?? ''}: ${rawTrailers[i + 1] ?? ''}\r\n`;
  }
  return `${text}\r\n`;
}
