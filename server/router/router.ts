import type http from 'node:http';
import type https from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { RequestLog } from '../request-log/request-log.js';
import { throttled } from '../request-log/throttle.js';
import { type Asked, askedOf } from './asked.js';
import type { ClientSide } from './client-side.js';
import { compression } from './compression/compression.js';
import { Connections } from './connections.js';
import type { Router } from './contract.js';
import { RouterCounts } from './counts.js';
import { Dispatcher } from './dispatcher.js';
import { type Desk, Exchange, type Question } from './exchange.js';
import { Holdings } from './held/holdings.js';
import { leaveH2cBodies } from '../http/h2c.js';
import { NodeFront } from './http1/node-front.js';
import { serveSimply } from './http1/serve-simply.js';
import { SimpleFront } from './http1/simple-front.js';
import { Http2Front } from './http2/front.js';
import type { OwnStatus } from './own-answers.js';
import type { ClientRequest } from './request-head.js';
import { createRouterLines, type RouterLines } from './request-lines.js';
import type { Backend, RouterFigures, RouterSettings } from './settings.js';
import { StaticSide } from './static-side.js';
import { sweepEvery } from './sweep.js';
import { Tunnels } from './tunnel.js';

export type { Router } from './contract.js';
export type { Backend, BackendFigures, RouterFigures, RouterSettings } from './settings.js';

/** Lines in a second that say what went wrong. */
const MOST_LINES = 20;

/**
 * Passes the requests of clients on to workers, and their answers back. `requests` gets those that
 * no worker has a line for.
 */
export function createRouter(
  settings: RouterSettings,
  log: (line: string) => void,
  requests: RequestLog | null = null,
): Router {
  return new HttpRouter(settings, log, requests);
}

class HttpRouter implements Router, Desk {
  readonly settings: RouterSettings;
  readonly log: (line: string) => void;
  readonly #lines: RouterLines;
  isDraining = false;
  readonly #dispatcher: Dispatcher;
  readonly #connections: Connections;
  readonly #files: StaticSide;
  readonly #holdings: Holdings;
  readonly #exchanges = new Set<Exchange>();
  readonly #counts = new RouterCounts();
  readonly #sweeper: NodeJS.Timeout;
  readonly #tunnels = new Tunnels(() => {
    this.#tellDrained();
  });
  readonly #compressing: ReturnType<typeof compression>;
  readonly #http2: Http2Front;
  readonly #simple: SimpleFront;
  readonly #node: NodeFront;
  readonly #drained: (() => void)[] = [];

  constructor(settings: RouterSettings, log: (line: string) => void, requests: RequestLog | null) {
    this.settings = settings;
    this.log = throttled(MOST_LINES, log);
    this.#lines = createRouterLines(requests);
    this.#dispatcher = new Dispatcher(settings);
    this.#connections = new Connections(settings.trusted);
    this.#files = new StaticSide(this, this.#lines);
    this.#holdings = new Holdings(this);
    this.#compressing = compression(settings.compresses === true);
    this.#http2 = this.#createHttp2();
    this.#simple = this.#createSimple();
    this.#node = this.#createNode();
    this.#sweeper = setInterval(this.#sweep, sweepEvery(settings)).unref();
  }

  serve(server: http.Server | https.Server): void {
    // Before the listeners that there are by now are put behind the front for simple requests.
    leaveH2cBodies(server);
    // Who is sent to HTTPS is answered by the other one.
    if (this.settings.redirectTo === undefined) serveSimply(server, this.#simple);
    this.#node.serve(server);
  }

  readonly onHttp2 = (socket: TLSSocket): void => {
    this.#http2.take(socket);
  };

  readonly onFailed = (code: string): void => {
    this.#counts.refuse(code);
  };

  closeIdle(): void {
    this.#http2.closeIdle();
    this.#simple.closeIdle();
  }

  #createSimple(): SimpleFront {
    return new SimpleFront({
      settings: this.settings,
      isDraining: () => this.isDraining,
      peer: (socket) => this.#connections.peer(socket),
      write: (request, peer) => askedOf(request, peer, { upgrade: null, to: this.settings.to }),
      pass: (simple, request, asked) => {
        this.#counts.requests++;
        const pass = (): void => {
          this.#pass(simple, request, asked, null);
        };
        if (!this.#files.takeStream(simple, pass)) pass();
      },
    });
  }

  #createHttp2(): Http2Front {
    return new Http2Front({
      settings: this.settings,
      peer: (socket) => this.#connections.peer(socket),
      countRequest: () => {
        this.#counts.requests++;
      },
      refused: (refused, request) => {
        this.#counts.refuse(refused.code);
        this.#lines.refusedStream(refused, request);
      },
      gaveUp: (code) => {
        this.#counts.refuse(code);
      },
      ask: (client, request, peer, switchTo) => {
        const upgrade = switchTo === null ? null : 'websocket';
        const asked = askedOf(request, peer, { upgrade, to: this.settings.to });
        if (!asked.ok) return asked.error;
        const pass = (): void => {
          this.#pass(client, request, asked.value, switchTo);
        };
        if (switchTo !== null || !this.#files.takeStream(client, pass)) pass();
        return null;
      },
      openTunnel: () => this.#tunnels.open(),
    });
  }

  #createNode(): NodeFront {
    const { settings, log } = this;
    const [counts, lines, files] = [this.#counts, this.#lines, this.#files];
    return new NodeFront({
      ...{ settings, counts, lines, files, log },
      follow: (socket) => {
        this.#connections.follow(socket);
      },
      peer: (socket) => this.#connections.peer(socket),
      pass: this.#pass,
      tunnel: () => this.#tunnels.open(),
    });
  }

  backends(list: readonly Backend[]): void {
    this.#dispatcher.update(list);
  }

  figures(): RouterFigures {
    return {
      ...this.#counts.figures(),
      in_flight: this.#underWay() - this.#dispatcher.queued,
      queued: this.#dispatcher.queued,
      queue_max: this.#dispatcher.longestQueue,
      ...this.#connections.figures(),
      upgraded: this.#tunnels.size,
      backends: this.#dispatcher.backends.map((backend) => backend.figures()),
      static_requests: this.#files.served,
    };
  }

  requests(): number {
    return this.#counts.requests;
  }

  drain(): Promise<void> {
    this.isDraining = true;
    this.#http2.drain();
    this.#node.closeUnknown();
    return new Promise((resolve) => {
      this.#drained.push(resolve);
      this.#tellDrained();
    });
  }

  close(): void {
    clearInterval(this.#sweeper);
    for (const exchange of this.#exchanges) exchange.close();
    this.#holdings.close();
    this.#files.close();
    this.#dispatcher.close();
    this.#node.closeUnknown();
    this.#http2.close();
    this.#connections.close();
  }

  place(exchange: Exchange): void {
    this.#dispatcher.place(exchange);
  }

  withdraw(exchange: Exchange): void {
    this.#dispatcher.withdraw(exchange);
  }

  release(...[backend]: Parameters<Desk['release']>): void {
    this.#dispatcher.release(backend);
  }

  count(what: 'retries' | 'aborted'): void {
    this.#counts[what]++;
  }

  answered(status: OwnStatus, client: ClientSide, micros: number): void {
    this.#counts.answered[status]++;
    this.#lines.ended(client, micros);
  }

  unasked(client: ClientSide, micros: number): void {
    this.#lines.ended(client, micros);
  }

  released(): void {
    this.#tellDrained();
  }

  ended(exchange: Exchange): void {
    this.#exchanges.delete(exchange);
    this.#tellDrained();
  }

  readonly #sweep = (): void => {
    const now = performance.now();
    this.#dispatcher.sweep(now);
    for (const exchange of this.#exchanges) exchange.sweep(now);
    this.#holdings.sweep(now);
    this.#files.sweep(now);
    this.#simple.sweep(now);
  };

  readonly #pass = (
    client: ClientSide,
    request: ClientRequest,
    asked: Asked,
    switchTo: Question['switchTo'],
  ): void => {
    this.#counts.removed += asked.head.removed;
    const answered = this.#compressing(client, request);
    this.#holdings.ask(asked, answered, ({ head, packet, held }) => {
      // Written out: objects that are put together from others are slow to make, and to read.
      const exchange = new Exchange(this, { client: answered, head, packet, held, switchTo });
      this.#exchanges.add(exchange);
      exchange.start();
    });
  };

  /** Requests that were taken and not answered to the end. */
  #underWay(): number {
    return this.#exchanges.size + this.#holdings.size + this.#files.size;
  }

  #tellDrained(): void {
    if (!this.isDraining || this.#underWay() + this.#tunnels.size > 0) return;
    for (const tell of this.#drained.splice(0)) tell();
  }
}
