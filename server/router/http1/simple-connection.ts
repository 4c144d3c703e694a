import type net from 'node:net';
import type { Peer } from '../forwarded.js';
import { SimpleClient, type SimpleSide } from './simple-client.js';
import { readSimpleRequest, type SimpleRequest } from './simple-request.js';

/** What a connection needs of those who look after all of them. */
export interface ConnectionDesk {
  readonly keepAliveLine: string;
  /** What a connection with TLS says (RFC 6797); null: nothing. */
  readonly transportSecurity: (peer: Peer) => string | null;
  readonly isDraining: boolean;
  /** The largest head that is read here. */
  readonly mostHead: number;
  /** Passes a request on; false: it is none for here. */
  ask(client: SimpleClient, request: SimpleRequest, peer: Peer): boolean;
  come(connection: SimpleConnection): void;
  gone(connection: SimpleConnection): void;
}

/** Where a connection goes that is none for here. */
export interface Elsewhere {
  /** It is served as if it had just been accepted. */
  toNode(): void;
  /** It never brought a request. */
  late(): void;
}

/** What may come behind a request before its answer, without being read. */
const MOST_EARLY = 65_536;

/**
 * A client's connection for as long as it brings simple requests, one after the other. What is not
 * one goes to Node's parser, and the connection with it, for good.
 */
export class SimpleConnection implements SimpleSide {
  readonly socket: net.Socket;
  readonly peer: Peer;
  readonly transportSecurity: string | null;
  readonly #desk: ConnectionDesk;
  readonly #elsewhere: Elsewhere;
  /** Who is being answered. */
  #client: SimpleClient | null = null;
  /** What came behind its request. */
  #early: Buffer[] = [];
  #earlyBytes = 0;
  #isOver = false;
  /** Since when it waits for a request, by `performance.now()`. */
  idleSince = performance.now();
  /** Whether it brought a request before. */
  isUsed = false;

  constructor(socket: net.Socket, peer: Peer, desk: ConnectionDesk, elsewhere: Elsewhere) {
    this.socket = socket;
    this.peer = peer;
    this.transportSecurity = desk.transportSecurity(peer);
    this.#desk = desk;
    this.#elsewhere = elsewhere;
    socket
      .on('data', this.#onData)
      .on('drain', this.#onDrain)
      .on('end', this.#onEnd)
      .on('error', ignore)
      .on('close', this.#onClose);
    desk.come(this);
  }

  /** Whether it waits for a request. */
  get isIdle(): boolean {
    return this.#client === null && this.#earlyBytes === 0;
  }

  get keepAliveLine(): string {
    return this.#desk.keepAliveLine;
  }

  get isDraining(): boolean {
    return this.#desk.isDraining;
  }

  answered(isLast: boolean): void {
    this.#client = null;
    this.isUsed = true;
    if (isLast) {
      this.end();
      return;
    }
    this.idleSince = performance.now();
    // Not now: this is called from the midst of an answer.
    if (this.#earlyBytes > 0) process.nextTick(this.#takeEarly);
  }

  /** Closes it once what is written is out; what still comes is for nobody. */
  end(): void {
    this.#leave();
    this.#isOver = true;
    this.socket.destroySoon();
  }

  /** Its time to ask is over. */
  beLate(): void {
    this.#release();
    this.#elsewhere.late();
  }

  /** Leaves the socket to whoever has it. */
  #release(): void {
    this.#leave();
    this.socket
      .off('data', this.#onData)
      .off('drain', this.#onDrain)
      .off('end', this.#onEnd)
      .off('error', ignore)
      .off('close', this.#onClose);
  }

  readonly #onData = (bytes: Buffer): void => {
    if (this.#isOver) return;
    if (this.isIdle) this.#take(bytes);
    else this.#hold(bytes);
  };

  #take(bytes: Buffer): void {
    const desk = this.#desk;
    const request = bytes.length > desk.mostHead ? null : readSimpleRequest(bytes, this.socket);
    if (request === null) {
      this.#handOver(bytes);
      return;
    }
    const client = new SimpleClient(request, this);
    this.#client = client;
    if (!desk.ask(client, request, this.peer)) this.#handOver(bytes);
  }

  /** Who asks on before an answer waits for it, and at last in the kernel. */
  #hold(bytes: Buffer): void {
    this.#early.push(bytes);
    this.#earlyBytes += bytes.length;
    if (this.#earlyBytes > MOST_EARLY) this.socket.pause();
  }

  readonly #takeEarly = (): void => {
    const bytes = Buffer.concat(this.#early);
    this.#early = [];
    this.#earlyBytes = 0;
    if (this.socket.destroyed) return;
    this.socket.resume();
    this.#take(bytes);
  };

  #handOver(bytes: Buffer): void {
    const { socket } = this;
    socket.pause();
    this.#release();
    socket.unshift(bytes);
    this.#elsewhere.toNode();
    socket.resume();
  }

  readonly #onDrain = (): void => {
    this.#client?.drained();
  };

  /** Who leaves in the middle of an answer, says so in the same way as who reads on. */
  readonly #onEnd = (): void => {
    if (this.#client === null) this.end();
    else this.socket.destroy();
  };

  readonly #onClose = (): void => {
    const client = this.#client;
    this.#client = null;
    this.#leave();
    client?.closed();
  };

  #leave(): void {
    this.#client = null;
    this.#desk.gone(this);
  }
}

/** What a broken connection tells, its 'close' tells too. */
function ignore(): void {
  return undefined;
}
