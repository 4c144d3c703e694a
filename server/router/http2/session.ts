import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { Budget } from './budget.js';

const { NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_NO_ERROR } = constants;

/** What a session is held to. */
export interface SessionLimits {
  /** Without a stream for so long it ends. */
  readonly idleMs: number;
  /** The first stream must be there by then. */
  readonly firstMs: number;
}

/**
 * Streams that a client may break off. Each has cost a worker its request: browsers leave a page
 * with some dozens under way, an attack does nothing else (CVE-2023-44487).
 */
const RESETS = { burst: 200, rate: 20 };

/**
 * SETTINGS and PING that a client may send: each is answered, and costs it nothing. Nghttp2 ends a
 * session only once a thousand answers of its own are unread.
 */
const CONTROL_FRAMES = { burst: 500, rate: 50 };

/** How long the client gets to close a connection to which goodbye was said. */
const LINGER_MS = 1000;

/** One connection of a client with its streams. */
export class Session {
  readonly #session: ServerHttp2Session;
  readonly #limits: SessionLimits;
  readonly #onFlood: (code: string) => void;
  readonly #resets = new Budget(RESETS, performance.now());
  readonly #control = new Budget(CONTROL_FRAMES, performance.now());
  #streams = 0;
  #timer: NodeJS.Timeout;
  #isDraining = false;
  #isFlood = false;

  /** `onFlood` is told once, under which name the client's doings are counted. */
  constructor(session: ServerHttp2Session, limits: SessionLimits, onFlood: (code: string) => void) {
    this.#session = session;
    this.#limits = limits;
    this.#onFlood = onFlood;
    this.#timer = this.#closeAfter(limits.firstMs);
    const onControl = (): void => {
      this.#spend(this.#control, 'control_flood');
    };
    session
      .on('remoteSettings', onControl)
      .on('ping', onControl)
      .once('close', () => {
        clearTimeout(this.#timer);
      });
  }

  get isIdle(): boolean {
    return this.#streams === 0;
  }

  /** Counts a stream until it ends; `wasCut` tells whether it was broken off from here. */
  follow(stream: ServerHttp2Stream, wasCut: () => boolean): void {
    this.#streams++;
    if (!this.#isFlood) clearTimeout(this.#timer);
    if (this.#isDraining) this.close();
    stream.once('close', () => {
      this.#streams--;
      if (stream.rstCode !== NGHTTP2_NO_ERROR && !wasCut()) {
        this.#spend(this.#resets, 'rapid_reset');
      }
      if (this.#streams === 0 && !this.#isFlood)
        this.#timer = this.#closeAfter(this.#limits.idleMs);
    });
  }

  /**
   * Whoever has a request under way is told to go elsewhere with the next one; whoever has none may
   * be about to send one, which is answered still.
   */
  drain(): void {
    this.#isDraining = true;
    if (!this.isIdle) this.close();
  }

  /**
   * Says goodbye: streams that are open end as they would. GOAWAY names the last of them, so that the
   * client may repeat what it has sent behind it (RFC 9113 §6.8). The advance warning, that any stream
   * is still taken, would be a lie: once Node has sent GOAWAY, nghttp2 passes over every new stream.
   */
  close(): void {
    const session = this.#session;
    if (session.closed || session.destroyed) return;
    session.close();
    if (this.isIdle) this.#destroySoon();
  }

  #destroySoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.destroy();
    }, LINGER_MS).unref();
  }

  destroy(): void {
    this.#session.destroy();
  }

  #closeAfter(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.close();
    }, ms).unref();
  }

  #spend(budget: Budget, code: string): void {
    if (this.#isFlood || budget.take(performance.now()) || this.#session.destroyed) return;
    this.#isFlood = true;
    this.#onFlood(code);
    // What comes from now on is passed over; what goes is this frame, which a client may heed.
    this.#session.goaway(NGHTTP2_ENHANCE_YOUR_CALM);
    this.#destroySoon();
  }
}
