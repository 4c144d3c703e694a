import http from 'node:http';
import type https from 'node:https';
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { createGate, refuse, type Refusal } from '../http/gate.js';
import { refuseConnect, refuseMalformed } from '../http/malformed.js';
import type { RefusalCounts } from '../wire/refusals.js';
import { Connections } from './connections.js';
import { Dispatcher } from './dispatcher.js';
import { type Desk, Exchange, type Question } from './exchange.js';
import { Http1Client } from './http1-client.js';
import { Http2Front } from './http2/front.js';
import type { OwnStatus } from './own-answers.js';
import { BAD_TARGET, NO_HOST, TOO_MANY_FIELDS, UPGRADE_WITH_BODY } from './refusals.js';
import { answerRedirection, redirection } from './redirection.js';
import { requestHead } from './request-head.js';
import type { Backend, RouterFigures, RouterSettings } from './settings.js';
import { transportSecurity } from './transport-security.js';
import { openTunnel, switchingText } from './tunnel.js';

export type { Backend, BackendFigures, RouterFigures, RouterSettings } from './settings.js';

export interface Router {
  /** Serves what this server gets; may be called for several servers. */
  serve(server: http.Server | https.Server): void;
  /** Who can be asked from now on; a backend that is left out is asked no more, what it has runs on. */
  backends(list: readonly Backend[]): void;
  /** Serves a connection on which HTTP/2 is spoken. */
  readonly onHttp2: (socket: TLSSocket) => void;
  /** Counts a handshake that failed. */
  readonly onFailed: (code: string) => void;
  /** Says goodbye on connections of HTTP/2 on which nothing is asked. */
  closeIdle(): void;
  figures(): RouterFigures;
  /** Answers close their connections from now on; settles when nothing is in flight. */
  drain(): Promise<void>;
  /** Breaks everything that is open; the servers are their owner's to close. */
  close(): void;
}

/** Node's own number, above which it leaves fields out. */
const DEFAULT_MAX_HEADERS = 2000;

/** How often the clock is looked at for limits that are shorter than this many of it. */
const SWEEPS_PER_LIMIT = 8;
const MAX_SWEEP_MS = 1000;

/** What a server that a router serves should be made with. */
export function serverOptions({
  headersTimeoutMs,
  keepAliveMs,
}: RouterSettings): http.ServerOptions {
  return {
    keepAliveTimeout: keepAliveMs,
    headersTimeout: headersTimeoutMs,
    // A body may take as long as it makes progress: the router watches over that.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.max(50, Math.min(1000, headersTimeoutMs / 4)),
    maxHeaderSize: 16_384,
    insecureHTTPParser: false,
  };
}

/** Passes the requests of clients on to workers, and their answers back. */
export function createRouter(settings: RouterSettings, log: (line: string) => void): Router {
  return new HttpRouter(settings, log);
}

class HttpRouter implements Router, Desk {
  readonly settings: RouterSettings;
  readonly log: (line: string) => void;
  isDraining = false;
  readonly #dispatcher: Dispatcher;
  readonly #connections: Connections;
  readonly #exchanges = new Set<Exchange>();
  readonly #refused = new Map<string, number>();
  readonly #answers = { 408: 0, 502: 0, 503: 0, 504: 0 };
  readonly #counts = { requests: 0, retries: 0, aborted: 0, removed: 0 };
  readonly #gate = createGate((refusal) => {
    this.#countRefusal(refusal);
  });
  readonly #maxHeaders: number;
  readonly #sweeper: NodeJS.Timeout;
  #tunnels = 0;
  readonly #http2: Http2Front;
  readonly #drained: (() => void)[] = [];

  constructor(settings: RouterSettings, log: (line: string) => void) {
    this.settings = settings;
    this.log = log;
    this.#maxHeaders = settings.maxHeaders ?? DEFAULT_MAX_HEADERS;
    this.#dispatcher = new Dispatcher(settings);
    this.#connections = new Connections(settings.trusted);
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
      .on('upgrade', this.#onUpgrade);
    const onNoRequest = (refusal: Refusal): void => {
      this.#counts.requests++;
      this.#countRefusal(refusal);
    };
    refuseMalformed(server, onNoRequest);
    refuseConnect(server, onNoRequest);
  }

  readonly onHttp2 = (socket: TLSSocket): void => {
    this.#http2.take(socket);
  };

  readonly onFailed = (code: string): void => {
    this.#countRefusal({ code });
  };

  closeIdle(): void {
    this.#http2.closeIdle();
  }

  #createHttp2(): Http2Front {
    return new Http2Front({
      settings: this.settings,
      maxFields: this.#maxHeaders,
      peer: (socket) => this.#connections.peer(socket),
      countRequest: () => {
        this.#counts.requests++;
      },
      countRefusal: (refused) => {
        this.#countRefusal(refused);
      },
      ask: (client, request, peer) => {
        const head = requestHead(request, peer, null);
        if (head === null) return BAD_TARGET;
        this.#counts.removed += head.removed;
        this.#pass({ client, head, switchTo: null });
        return null;
      },
    });
  }

  backends(list: readonly Backend[]): void {
    this.#dispatcher.update(list);
  }

  figures(): RouterFigures {
    const { requests, retries, aborted, removed } = this.#counts;
    return {
      requests,
      in_flight: this.#exchanges.size - this.#dispatcher.queued,
      queued: this.#dispatcher.queued,
      queue_max: this.#dispatcher.longestQueue,
      refused: [...this.#refused] satisfies RefusalCounts,
      answered_by_router: this.#answers,
      retries,
      aborted,
      removed_fields: removed,
      ...this.#connections.figures(),
      upgraded: this.#tunnels,
      backends: this.#dispatcher.backends.map((backend) => backend.figures()),
    };
  }

  drain(): Promise<void> {
    this.isDraining = true;
    this.#http2.drain();
    return new Promise((resolve) => {
      this.#drained.push(resolve);
      this.#tellDrained();
    });
  }

  close(): void {
    clearInterval(this.#sweeper);
    for (const exchange of this.#exchanges) exchange.close();
    this.#dispatcher.close();
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

  countAnswer(status: OwnStatus): void {
    this.#answers[status]++;
  }

  ended(exchange: Exchange): void {
    this.#exchanges.delete(exchange);
    this.#tellDrained();
  }

  readonly #sweep = (): void => {
    const now = performance.now();
    this.#dispatcher.sweep(now);
    for (const exchange of this.#exchanges) exchange.sweep(now);
  };

  readonly #onRequest = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    this.#counts.requests++;
    if (!this.#gate.admit(request, response)) return;
    if (request.rawHeaders.length > 2 * this.#maxHeaders) {
      this.#refuse(request, response, TOO_MANY_FIELDS);
      return;
    }
    if (response.socket !== null) {
      this.#ask(request, response, null);
      return;
    }
    // It was sent behind another one, which it must not overtake (RFC 9112 §9.3.2).
    response.once('socket', () => {
      this.#ask(request, response, null);
    });
  };

  #ask(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    upgrade: { readonly protocol: string; readonly switchTo: Question['switchTo'] } | null,
  ): void {
    const peer = this.#connections.peer(request.socket);
    // HTTP/2 is not spoken here, and who asks for it takes an answer in HTTP/1.1 as well.
    const protocol = upgrade?.protocol.toLowerCase() === 'h2c' ? null : upgrade?.protocol;
    const head = requestHead(asClientRequest(request), peer, protocol ?? null);
    if (head === null) {
      this.#refuse(request, response, BAD_TARGET);
      return;
    }
    const elsewhere = redirection(this.settings.redirectTo, peer, request);
    if (elsewhere !== null) {
      if (elsewhere === 'no host') this.#refuse(request, response, NO_HOST);
      else answerRedirection(request, response, elsewhere.location);
      return;
    }
    if (upgrade !== null && head.body !== 'none') {
      this.#refuse(request, response, UPGRADE_WITH_BODY);
      return;
    }
    this.#counts.removed += head.removed;
    const switchTo = upgrade?.switchTo ?? null;
    const { transportSecurity: seconds } = this.settings;
    const said = transportSecurity(seconds, peer.isEncrypted);
    this.#pass({ client: new Http1Client(request, response, said), head, switchTo });
  }

  #pass(question: Question): void {
    const exchange = new Exchange(this, question);
    this.#exchanges.add(exchange);
    exchange.start();
  }

  readonly #onUpgrade = (request: http.IncomingMessage, stream: Duplex, early: Buffer): void => {
    this.#counts.requests++;
    if (!this.#gate.admitUpgrade(request, stream)) return;
    // The same as `stream`, by its own type.
    const { socket } = request;
    const response = responseOn(request, socket);
    const protocol = request.headers.upgrade ?? '';
    this.#ask(request, response, {
      protocol,
      switchTo: (head, connection, rest) => {
        response.detachSocket(socket);
        const worker = connection.detach();
        socket.write(switchingText(head), 'latin1');
        this.#tunnels++;
        openTunnel({ client: socket, worker, fromClient: early, fromWorker: rest }, () => {
          this.#tunnels--;
          this.#tellDrained();
        });
      },
    });
  };

  #refuse(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    refused: { readonly code: string; readonly status: number; readonly reason: string },
  ): void {
    this.#countRefusal(refused);
    refuse(request, response, refused);
  }

  #countRefusal({ code }: { readonly code: string }): void {
    this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1);
  }

  #tellDrained(): void {
    if (!this.isDraining || this.#exchanges.size > 0 || this.#tunnels > 0) return;
    for (const tell of this.#drained.splice(0)) tell();
  }
}

function asClientRequest(request: http.IncomingMessage): Parameters<typeof requestHead>[0] {
  const { method = '', url = '', httpVersionMinor, rawHeaders } = request;
  return { method, url, httpVersionMinor, rawHeaders };
}

/** A response for a request to upgrade, for which Node makes none: it closes its connection. */
function responseOn(request: http.IncomingMessage, socket: net.Socket): http.ServerResponse {
  const response = new http.ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  const onDrain = (): void => {
    response.emit('drain');
  };
  socket.on('drain', onDrain);
  socket.on('error', () => undefined);
  response.once('finish', () => {
    response.detachSocket(socket);
    socket.destroySoon();
    response.emit('close');
  });
  return response;
}

function sweepEvery({ timeoutMs, connectTimeoutMs }: RouterSettings): number {
  const limits = [timeoutMs, connectTimeoutMs].filter((limit) => limit > 0);
  return Math.max(10, Math.min(MAX_SWEEP_MS, ...limits.map((limit) => limit / SWEEPS_PER_LIMIT)));
}
