import net from 'node:net';
import type { ResponseHead } from './response-head.js';
import { ResponseReader, type ResponseSink } from './response-reader.js';

/** Who asks over a connection. After `over` or `broken` nothing more is told. */
export interface Asker extends ResponseSink {
  /** The connection is there: what is written now, the worker may see. */
  connected(): void;
  /** What came in one piece has been told. */
  fed(): void;
  /** There is room to write again. */
  drained(): void;
  /** Whether all of the request was written. */
  readonly isSent: boolean;
  /** The answer is complete and the connection is free for the next request, or closed. */
  over(): void;
  broken(why: string): void;
}

/** What becomes of a connection. */
export interface Owner {
  /** It is free for another request, for so many seconds if the backend said so. */
  idle(connection: BackendConnection, seconds: number | null): void;
  gone(connection: BackendConnection): void;
}

/** One connection to a worker or another back end, one request at a time on it. */
export class BackendConnection implements ResponseSink {
  readonly #socket: net.Socket;
  readonly #owner: Owner;
  readonly #reader = new ResponseReader();
  readonly #isReusable: boolean;
  #asker: Asker | null = null;
  #isConnected = false;
  #keepsAlive = false;
  #idleSeconds: number | null = null;
  /** When an idle connection is closed, by `performance.now()`. */
  expiresAt = Infinity;

  /** `isReusable`: another request may follow an answer. */
  constructor(to: net.NetConnectOpts, owner: Owner, isReusable: boolean) {
    this.#owner = owner;
    this.#isReusable = isReusable;
    this.#socket = net.connect({ ...to, allowHalfOpen: true });
    this.#socket
      .on('connect', this.#onConnect)
      .on('data', this.#onData)
      .on('drain', this.#onDrain)
      .on('end', this.#onEnd)
      .on('error', this.#onError)
      .on('close', this.#onClose);
  }

  get isUsable(): boolean {
    return this.#socket.writable && !this.#socket.destroyed;
  }

  /** Writes the head of a request, or its packet; its body follows by `write`. */
  ask(method: string, head: string | Buffer, asker: Asker): void {
    this.#asker = asker;
    this.#reader.expect(method, this);
    this.write(head);
    if (this.#isConnected) asker.connected();
  }

  /** False: wait for `drained`. */
  write(bytes: Buffer | string): boolean {
    return typeof bytes === 'string'
      ? this.#socket.write(bytes, 'latin1')
      : this.#socket.write(bytes);
  }

  /** Writes what is written until `uncork` in one call to the kernel. */
  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#socket.uncork();
  }

  /** Reads no more of the answer until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Breaks the connection; its asker is told nothing. */
  abandon(): void {
    this.#asker = null;
    this.#socket.destroy();
  }

  informational(head: ResponseHead): void {
    this.#asker?.informational(head);
  }

  head(head: ResponseHead): void {
    this.#keepsAlive = head.keepsAlive && this.#isReusable;
    this.#idleSeconds = head.idleSeconds;
    this.#asker?.head(head);
  }

  data(chunk: Buffer): void {
    this.#asker?.data(chunk);
  }

  end(trailers: readonly string[]): void {
    // What is left of the request would be taken for the next one.
    if (this.#asker?.isSent !== true) this.#keepsAlive = false;
    this.#asker?.end(trailers);
  }

  switched(head: ResponseHead, rest: Buffer): void {
    this.#asker?.switched(head, rest);
  }

  /** Gives the socket away, after the protocol was switched. */
  detach(): net.Socket {
    this.#asker = null;
    this.#owner.gone(this);
    return this.#socket
      .off('data', this.#onData)
      .off('drain', this.#onDrain)
      .off('end', this.#onEnd)
      .off('close', this.#onClose);
  }

  readonly #onConnect = (): void => {
    this.#isConnected = true;
    this.#asker?.connected();
  };

  readonly #onData = (bytes: Buffer): void => {
    const fault = this.#reader.feed(bytes);
    if (fault !== null) this.#break(fault);
    else if (this.#reader.isIdle) this.#settle();
    else this.#asker?.fed();
  };

  readonly #onDrain = (): void => {
    this.#asker?.drained();
  };

  readonly #onEnd = (): void => {
    this.#keepsAlive = false;
    if (this.#reader.finish()) this.#settle();
    else this.#break('the connection was closed');
  };

  readonly #onError = (error: NodeJS.ErrnoException): void => {
    this.#break(error.code ?? error.message);
  };

  readonly #onClose = (): void => {
    this.#break('the connection was closed');
    this.#owner.gone(this);
  };

  /** After an answer: bytes behind it were looked for. */
  #settle(): void {
    const asker = this.#asker;
    this.#asker = null;
    if (this.#keepsAlive && this.isUsable) {
      this.#socket.resume();
      this.#owner.idle(this, this.#idleSeconds);
    } else {
      this.#socket.destroy();
    }
    asker?.over();
  }

  #break(why: string): void {
    const asker = this.#asker;
    this.#asker = null;
    this.#socket.destroy();
    asker?.broken(why);
  }
}
