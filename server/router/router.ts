import type http from 'node:http';
import type https from 'node:https';
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { createGate, refuse } from '../http/gate.js';
import { ignoreH2c } from '../http/h2c.js';
import { type OnRefused, refuseConnect, refuseMalformed } from '../http/malformed.js';
import type { Proxied } from '../http/proxied.js';
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
import { Http1Client } from './http1-client.js';
import { Http2Front } from './http2/front.js';
import type { OwnStatus } from './own-answers.js';
import { NO_HOST } from './refusals.js';
import { answerRedirection, redirection } from './redirection.js';
import { expectProxied } from './proxied-side.js';
import { asClientRequest } from './request-head.js';
import { createRouterLines, type RouterLines } from './request-lines.js';
import type { Backend, RouterFigures, RouterSettings } from './settings.js';
import { StaticSide } from './static-side.js';
import { transportSecurity } from './transport-security.js';
import { sweepEvery } from './sweep.js';
import { responseToUpgrade, switchOver } from './upgrade.js';

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
  readonly #gate: ReturnType<typeof createGate>;
  readonly #sweeper: NodeJS.Timeout;
  #tunnels = 0;
  readonly #compressing: ReturnType<typeof compression>;
  readonly #http2: Http2Front;
  readonly #proxied: Proxied[] = [];
  readonly #drained: (() => void)[] = [];

  constructor(settings: RouterSettings, log: (line: string) => void, requests: RequestLog | null) {
    this.settings = settings;
    this.log = throttled(MOST_LINES, log);
    this.#lines = createRouterLines(requests);
    this.#gate = createGate(settings.limits, (refusal, request, response) => {
      this.#counts.refuse(refusal.code);
      this.#lines.refused(refusal, request, response);
    });
    this.#dispatcher = new Dispatcher(settings);
    this.#connections = new Connections(settings.trusted);
    this.#files = new StaticSide(this, this.#lines);
    this.#holdings = new Holdings(this);
    this.#compressing = compression(settings.compresses === true);
    this.#http2 = this.#createHttp2();
    this.#sweeper = setInterval(this.#sweep, sweepEvery(settings)).unref();
  }

  serve(server: http.Server | https.Server): void {
    server.keepAliveTimeout = this.settings.keepAliveMs;
    server.headersTimeout = this.settings.headersTimeoutMs;
    server.requestTimeout = 0;
    // Node leaves out what is above its limit: the router refuses such a request.
    server.maxHeadersCount = 0;
    server
      .on('connection', (socket: net.Socket) => {
        this.#connections.follow(socket);
      })
      .on('request', this.#onRequest)
      .on('checkContinue', this.#onRequest)
      .on('upgrade', (request: http.IncomingMessage, stream: Duplex, early: Buffer) => {
        if (!ignoreH2c(server, request, stream, early)) this.#onUpgrade(request, stream, early);
      });
    const proxied = expectProxied(server, this.settings, (why) => {
      this.#counts.refuse('proxy_protocol');
      this.log(why);
    });
    if (proxied !== null) this.#proxied.push(proxied);
    const onNoRequest: OnRefused = (refusal, connection, answer) => {
      this.#counts.requests++;
      this.#counts.refuse(refusal.code);
      this.#lines.noRequest(refusal, connection, answer);
    };
    refuseMalformed(server, onNoRequest);
    refuseConnect(server, onNoRequest);
  }

  readonly onHttp2 = (socket: TLSSocket): void => {
    this.#http2.take(socket);
  };

  readonly onFailed = (code: string): void => {
    this.#counts.refuse(code);
  };

  closeIdle(): void {
    this.#http2.closeIdle();
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
      ask: (client, request, peer) => {
        const asked = askedOf(request, peer, { upgrade: null, to: this.settings.to });
        if (!asked.ok) return asked.error;
        const pass = (): void => {
          const compressed = this.#compressing(client, request);
          this.#pass(asked.value, compressed);
        };
        if (!this.#files.takeStream(client, pass)) pass();
        return null;
      },
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
      upgraded: this.#tunnels,
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
    for (const proxied of this.#proxied) proxied.close();
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
    for (const proxied of this.#proxied) proxied.close();
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
  };

  readonly #onRequest = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    this.#counts.requests++;
    if (!this.#gate.admit(request, response)) return;
    if (response.socket !== null) {
      this.#answer(request, response);
      return;
    }
    // It was sent behind another one, which it must not overtake (RFC 9112 §9.3.2).
    response.once('socket', () => {
      this.#answer(request, response);
    });
  };

  /** From a file, or by a worker. */
  #answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const ask = (): void => {
      this.#ask(request, response, null);
    };
    if (!this.#files.take(request, response, ask)) ask();
  }

  #ask(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    upgrade: { readonly protocol: string; readonly switchTo: Question['switchTo'] } | null,
  ): void {
    const peer = this.#connections.peer(request.socket);
    const { to, transportSecurity: seconds } = this.settings;
    const wanted = { upgrade: upgrade?.protocol ?? null, to };
    const asked = askedOf(asClientRequest(request), peer, wanted);
    if (!asked.ok) {
      this.#refuse(request, response, asked.error);
      return;
    }
    const elsewhere = redirection(this.settings.redirectTo, peer, request);
    if (elsewhere !== null) {
      if (elsewhere === 'no host') this.#refuse(request, response, NO_HOST);
      else {
        answerRedirection(request, response, elsewhere.location);
        this.#lines.redirected(response);
      }
      return;
    }
    const said = transportSecurity(seconds, peer.isEncrypted);
    const plain = new Http1Client(request, response, said);
    const client = this.#compressing(plain, asClientRequest(request));
    this.#pass(asked.value, client, upgrade?.switchTo);
  }

  #pass(asked: Asked, client: ClientSide, switchTo: Question['switchTo'] = null): void {
    this.#counts.removed += asked.head.removed;
    this.#holdings.ask(asked, client, (question) => {
      const exchange = new Exchange(this, { ...question, client, switchTo });
      this.#exchanges.add(exchange);
      exchange.start();
    });
  }

  #onUpgrade(request: http.IncomingMessage, stream: Duplex, early: Buffer): void {
    this.#counts.requests++;
    if (!this.#gate.admitUpgrade(request, stream)) return;
    // The same as `stream`, by its own type.
    const { socket } = request;
    const response = responseToUpgrade(request, socket);
    const protocol = request.headers.upgrade ?? '';
    this.#ask(request, response, {
      protocol,
      switchTo: (head, connection, rest) => {
        this.#tunnels++;
        const client = { socket, response, early };
        switchOver(client, { head, connection, rest }, () => {
          this.#tunnels--;
          this.#tellDrained();
        });
      },
    });
  }

  #refuse(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    refused: { readonly code: string; readonly status: number; readonly reason: string },
  ): void {
    this.#counts.refuse(refused.code);
    refuse(request, response, refused);
    this.#lines.refused(refused, request, response);
  }

  /** Requests that were taken and not answered to the end. */
  #underWay(): number {
    return this.#exchanges.size + this.#holdings.size + this.#files.size;
  }

  #tellDrained(): void {
    if (!this.isDraining || this.#underWay() + this.#tunnels > 0) return;
    for (const tell of this.#drained.splice(0)) tell();
  }
}
