import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { createPlainAnswer, type PlainAnswer } from './plain-answer.js';
import type { UwsgiRequest } from './request-head.js';

/** How long a client gets to close its side, so that unread bytes of its own do not void the answer. */
const LINGER_MS = 2000;

/** Sends the last bytes, and closes the connection when the client has, or after a while. */
export function endLingering(socket: Socket, bytes?: string | Uint8Array): void {
  if (bytes === undefined) socket.end();
  else socket.end(bytes);
  socket.resume();
  // Half-open sockets do not close by themselves when the other side does.
  socket.once('end', () => socket.destroy());
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => {
    clearTimeout(timer);
  });
}

/**
 * A connection of the uwsgi protocol as a http.Server sees any other: it reads the head of a request
 * and its body, and writes an answer. One connection is one request; what comes behind the body is
 * nobody's, so that no second request can hide there.
 */
export class UwsgiConnection extends Duplex {
  /** The client of the web server, which speaks for it. */
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  readonly remoteFamily: string | undefined;
  readonly localAddress: string | undefined;
  readonly localPort: number | undefined;
  /** True when that client came by TLS: what frameworks ask for the scheme of a request. */
  readonly encrypted: boolean;
  /** The variables of the packet, such as REMOTE_USER, for the application. */
  readonly uwsgi: Readonly<Record<string, string>>;
  readonly #socket: Socket;
  readonly #answer: PlainAnswer;
  /** Bytes of the body that have not come yet. */
  #missing: number;
  /** Held back until it is clear that the connection speaks another protocol. */
  #behind: 'discarded' | 'held' | 'passed';
  #held: Buffer[] = [];

  /** `rest` are the bytes behind the packet that have come already. */
  constructor(socket: Socket, request: UwsgiRequest, rest: Buffer) {
    super({ allowHalfOpen: true });
    const { peer } = request;
    this.remoteAddress = peer?.address ?? socket.remoteAddress;
    this.remotePort = peer === null ? socket.remotePort : peer.port;
    this.remoteFamily = (this.remoteAddress ?? '').includes(':') ? 'IPv6' : 'IPv4';
    this.localAddress = socket.localAddress;
    this.localPort = request.localPort ?? socket.localPort;
    this.encrypted = request.isSecure;
    this.uwsgi = request.variables;
    this.#socket = socket;
    this.#answer = createPlainAnswer(request.protocol);
    this.#missing = request.length;
    this.#behind = request.isUpgrade ? 'held' : 'discarded';
    socket.on('data', (chunk: Buffer) => {
      this.#take(chunk);
    });
    socket.on('end', () => this.push(null));
    // A reset is followed by 'close'.
    socket.on('error', () => undefined);
    socket.on('close', () => this.destroy());
    socket.on('timeout', () => this.emit('timeout'));
    this.push(Buffer.from(request.head, 'latin1'));
    if (rest.length > 0) this.#take(rest);
  }

  /** Bytes that were sent: what accounting asks of a socket. */
  get bytesWritten(): number {
    return this.#socket.bytesWritten;
  }

  get bytesRead(): number {
    return this.#socket.bytesRead;
  }

  setTimeout(ms: number, callback?: () => void): this {
    this.#socket.setTimeout(ms);
    if (callback !== undefined) this.once('timeout', callback);
    return this;
  }

  setNoDelay(on?: boolean): this {
    this.#socket.setNoDelay(on);
    return this;
  }

  setKeepAlive(on?: boolean, delayMs?: number): this {
    this.#socket.setKeepAlive(on, delayMs);
    return this;
  }

  ref(): this {
    this.#socket.ref();
    return this;
  }

  unref(): this {
    this.#socket.unref();
    return this;
  }

  /** As a socket does: closes when everything was written. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  #take(chunk: Buffer): void {
    const body = chunk.subarray(0, this.#missing);
    this.#missing -= body.length;
    if (body.length > 0 && !this.push(body)) this.#socket.pause();
    const behind = chunk.subarray(body.length);
    if (behind.length > 0) this.#takeBehind(behind);
  }

  #takeBehind(bytes: Buffer): void {
    if (this.#behind === 'passed') {
      if (!this.push(bytes)) this.#socket.pause();
    } else if (this.#behind === 'held') {
      this.#held.push(bytes);
      this.#socket.pause();
    }
  }

  /** The connection was upgraded: what was held back is its first bytes. */
  #pass(): void {
    this.#behind = 'passed';
    for (const bytes of this.#held.splice(0)) this.push(bytes);
    this.#socket.resume();
  }

  override _read(): void {
    if (this.#held.length === 0) this.#socket.resume();
  }

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    this.#send(this.#answer.take(chunk), done);
  }

  override _writev(
    chunks: { chunk: Buffer; encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#send(
      chunks.flatMap(({ chunk }) => this.#answer.take(chunk)),
      done,
    );
  }

  #send(pieces: readonly Buffer[], done: (error?: Error | null) => void): void {
    if (this.#answer.isSwitched && this.#behind === 'held') this.#pass();
    const last = pieces.at(-1);
    if (last === undefined) {
      done();
      return;
    }
    const socket = this.#socket;
    socket.cork();
    for (const piece of pieces.slice(0, -1)) socket.write(piece);
    socket.write(last, done);
    socket.uncork();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => {
      done();
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // An answer that did not wait for the body: see LINGER_MS.
    if (this.writableFinished && this.#missing > 0 && !this.#socket.destroyed) {
      this.#socket.removeAllListeners('data');
      endLingering(this.#socket);
    } else {
      this.#socket.destroy();
    }
    done(error);
  }
}
