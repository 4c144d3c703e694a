import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { WebSocket, type RawData } from 'ws';
import { MAX_SERVER_MESSAGE } from '../../shared/decode-message.js';
import type { ClientMessage, HelloMessage, Role } from '../../shared/protocol.js';
import type { Clock, Timing } from './clock.js';
import { remoteAddress } from './dial.js';
import type { KeySource } from './key-file.js';
import { NEW_LIVE_STATE, receive, type LiveAction, type LiveState } from './live-state.js';
import { prove } from './proof.js';
import type { Target } from './target.js';

/** How a live connection ended. */
export type LiveEnd =
  /** The server answered, but will not or cannot speak this protocol. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'lost'; readonly message: string };

/** What a live connection tells: what its messages lead to, and why control is not to be had. */
export type LiveEvent =
  | Exclude<LiveAction, { type: 'refuse' | 'fail' | 'resync' | 'hello' }>
  | { readonly type: 'no-control'; readonly reason: string };

const ONLY_READS = 'this connection only reads';

export interface LiveOptions {
  readonly clock: Clock;
  readonly timing: Timing;
  /** Where keys may be. */
  readonly keys: KeySource;
  /** `read`: a key is proven only where reading takes one. */
  readonly role: Role;
  readonly intervalMs: number;
  readonly onEvent: (event: LiveEvent) => void;
}

/**
 * Upgrades a connected socket to `/live` and follows it until either side ends it: greets, proves
 * the key, keeps the document whole, and watches for signs of life.
 */
export class LiveConnection {
  /** Settles when the connection is over; never rejects. */
  readonly ended: Promise<LiveEnd>;
  readonly #target: Target;
  readonly #options: LiveOptions;
  readonly #socket: Socket;
  readonly #ws: WebSocket;
  readonly #remote: string;
  #state: LiveState = NEW_LIVE_STATE;
  /** What the key was proven for last. */
  #proven: Role = 'operate';
  #intervalMs: number;
  #over = false;
  readonly #began: number;
  #lastSign: number;
  #lastDocument: number;
  #lastPing: number;
  #settle: (end: LiveEnd) => void = () => undefined;
  #cancelWatch: () => void = () => undefined;

  constructor(target: Target, socket: Socket, options: LiveOptions) {
    this.#target = target;
    this.#socket = socket;
    this.#options = options;
    this.#intervalMs = options.intervalMs;
    this.#remote = remoteAddress(socket, target.address);
    this.#began = options.clock.now();
    this.#lastSign = this.#lastDocument = this.#lastPing = this.#began;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
    // The socket is connected already, so the URL only gives the path.
    this.#ws = new WebSocket(`ws://localhost${livePath(target)}`, {
      createConnection: () => socket,
      headers: { Host: target.host },
      maxPayload: MAX_SERVER_MESSAGE,
      perMessageDeflate: false,
      followRedirects: false,
    });
    this.#listen();
    this.#watchLater();
  }

  send(message: ClientMessage): void {
    if (this.#ws.readyState === WebSocket.OPEN) this.#ws.send(JSON.stringify(message));
  }

  /** How often a document is wanted, in milliseconds. */
  subscribe(intervalMs: number): void {
    this.#intervalMs = intervalMs;
    this.send({
      type: 'subscribe',
      interval_ms: Math.min(60_000, Math.max(100, Math.round(intervalMs))),
    });
  }

  close(): void {
    this.#end('lost', 'the connection was closed');
  }

  #listen(): void {
    const sign = (): void => {
      this.#lastSign = this.#options.clock.now();
    };
    this.#ws.on('ping', sign);
    this.#ws.on('pong', sign);
    this.#ws.on('message', (data: RawData, isBinary: boolean) => {
      sign();
      this.#receive(isBinary ? '' : textOf(data));
    });
    this.#ws.on('unexpected-response', (_request, response) => {
      const status = response.statusCode ?? 0;
      this.#end('refused', `the server answered ${livePath(this.#target)} with HTTP ${status}`);
    });
    this.#ws.on('error', (error) => {
      if (this.#state.hello !== undefined) {
        this.#end('lost', `the live connection broke: ${error.message}`);
      } else this.#end('refused', explainUpgrade(error));
    });
    this.#ws.on('close', () => {
      if (this.#state.hello !== undefined) this.#end('lost', 'the server closed the connection');
      else this.#end('refused', 'the server closed the live connection before greeting');
    });
  }

  #receive(text: string): void {
    const [next, actions] = receive(this.#state, text);
    this.#state = next;
    for (const action of actions) {
      if (this.#over) return;
      this.#perform(action);
    }
  }

  #perform(action: LiveAction): void {
    if (isForClient(action)) {
      this.#options.onEvent(action);
      return;
    }
    switch (action.type) {
      case 'hello':
        this.subscribe(this.#intervalMs);
        this.#authorise(action.hello);
        return;
      case 'resync':
        this.send({ type: 'resync' });
        return;
      case 'refuse':
        this.#end('refused', action.message);
        return;
      case 'fail':
        this.#end('lost', action.message);
        return;
      case 'document':
        this.#lastDocument = this.#options.clock.now();
        this.#options.onEvent(action);
        return;
      case 'authorised':
        this.#tellAuthorised(action);
        // Another key lies in the file by now.
        if (action.code === 'revoked' && this.#state.hello !== undefined) {
          this.#authorise(this.#state.hello);
        }
        return;
    }
  }

  #authorise(hello: HelloMessage): void {
    const { keys, role } = this.#options;
    if (role === 'read' && hello.secret !== true) {
      this.#options.onEvent({ type: 'no-control', reason: ONLY_READS });
      return;
    }
    if (hello.role === 'operate') {
      const message = 'The certificate may operate.';
      this.#options.onEvent({ type: 'authorised', ok: true, code: 'accepted', message });
      return;
    }
    const nonce = randomBytes(32).toString('hex');
    const to = { hello, dialled: this.#target.address, remote: this.#remote, nonce };
    const proof = prove(keys, to, role);
    if (proof.ok) {
      this.#proven = proof.value.role;
      this.send(proof.value);
      return;
    }
    this.#options.onEvent({ type: 'no-control', reason: proof.error });
    if (hello.secret === true) this.#tellLocked(proof.error);
  }

  #tellAuthorised(answer: LiveAction & { type: 'authorised' }): void {
    const isLocked = this.#state.hello?.secret === true;
    if (!answer.ok && isLocked) this.#tellLocked(`the server refused it: ${answer.message}`);
    if (answer.ok && this.#proven === 'read') {
      this.#options.onEvent({ type: 'no-control', reason: ONLY_READS });
    } else {
      this.#options.onEvent(answer);
    }
  }

  #tellLocked(reason: string): void {
    const message = `these stats need a key (--stats-secret): ${reason}`;
    this.#options.onEvent({ type: 'problem', message });
  }

  #watchLater(): void {
    const { clock, timing } = this.#options;
    this.#cancelWatch = clock.after(Math.min(timing.ping, timing.handshake) / 5, () => {
      this.#watch(clock.now());
    });
  }

  #watch(now: number): void {
    const { timing } = this.#options;
    const greeted = this.#state.hello !== undefined;
    if (!greeted && now - this.#began > timing.handshake) {
      this.#end('refused', 'the server did not answer the upgrade to the live protocol');
      return;
    }
    // A server that still answers pings but sends no documents is of no use either.
    const documentDue = 2 * this.#intervalMs + timing.silence;
    if (now - this.#lastSign > timing.silence || now - this.#lastDocument > documentDue) {
      this.#end('lost', `the server has been silent for ${Math.round(timing.silence / 1000)} s`);
      return;
    }
    if (greeted && now - this.#lastPing > timing.ping) {
      this.#lastPing = now;
      this.#ws.ping();
    }
    this.#watchLater();
  }

  #end(kind: LiveEnd['kind'], message: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelWatch();
    this.#settle({ kind, message });
    this.#ws.terminate();
    this.#socket.destroy();
  }
}

function livePath(target: Target): string {
  return target.kind === 'live' ? target.path : '/live';
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString('utf8');
}

/** A raw document in answer to the upgrade is no HTTP: the request came too late for the server. */
function explainUpgrade(error: NodeJS.ErrnoException): string {
  const code = error.code ?? '';
  if (code.startsWith('HPE_') || code === 'ECONNRESET' || code === 'EPIPE') {
    return 'the server sent its document before our request reached it: it needs a larger --stats-wait';
  }
  return `the upgrade to the live protocol failed: ${error.message}`;
}

/** What the connection has nothing to add to. */
type ForClient = Extract<LiveAction, { type: 'problem' | 'reply' | 'progress' | 'outcome' }>;

function isForClient(action: LiveAction): action is ForClient {
  return ['problem', 'reply', 'progress', 'outcome'].includes(action.type);
}
