import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Counters } from './counters.js';
import type { RequestLog } from './request-log.js';

/** What accounting needs to know of a request before the application sees it. */
export interface Hooks {
  /** Whether a request may reach the application; if not, it has been answered. */
  readonly admit: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly now: () => number;
  readonly log: RequestLog | null;
  /** `--async`: requests inside the application at once; 0 for no cap. */
  readonly cap: number;
  /** Called whenever a request or an upgraded connection ends. */
  readonly onEnd: () => void;
}

export interface Accounting {
  /** From now on every answer closes its connection. */
  drain(): void;
  /** Requests and upgraded connections that are not over, waiting ones included. */
  pending(): number;
  /** Whether an answer is complete but still on its way to a client. */
  isFlushing(): boolean;
  /** Ends upgraded connections, which no answer will ever close. */
  endUpgraded(): void;
}

type Emit = (event: string | symbol, ...args: unknown[]) => boolean;

/** What is kept of a connection between its requests. */
interface Connection extends Socket {
  [sentBefore]?: number;
  [peer]?: string;
  [behind]?: Set<() => void>;
}

const sentBefore = Symbol('bytes of this connection that are accounted');
const peer = Symbol('the address of the client');
const behind = Symbol('the ends of requests whose turn to be answered has not come yet');
const seen = Symbol('this request is accounted');

interface SeenResponse extends ServerResponse {
  [seen]?: boolean;
}

/** One server's books. */
interface Books {
  readonly counters: Counters;
  readonly hooks: Hooks;
  /** The server's own `emit`. */
  readonly emit: Emit;
  /** Requests that wait for a place, oldest first. */
  readonly waiting: (() => void)[];
  readonly upgraded: Set<Socket>;
  /** The answers of what is inside the application. */
  readonly running: Set<ServerResponse>;
  draining: boolean;
}

/** A request on its way to the application; `event` is the name under which the server has it. */
interface Arrival {
  readonly event: string;
  readonly request: IncomingMessage;
  readonly response: SeenResponse;
}

/**
 * Counts every request that a server gets, by standing in front of its `emit`: that works for any
 * framework and leaves the prototype to whoever else patches it.
 */
export function account(server: Server, counters: Counters, hooks: Hooks): Accounting {
  const books: Books = {
    counters,
    hooks,
    emit: server.emit.bind(server) as Emit,
    waiting: [],
    upgraded: new Set(),
    running: new Set(),
    draining: false,
  };
  const emit: Emit = (event, ...args) => {
    if (event === 'request' || event === 'checkContinue' || event === 'checkExpectation') {
      const request = args[0] as IncomingMessage;
      onRequest(books, { event, request, response: args[1] as SeenResponse });
      return true;
    }
    if (event === 'upgrade' || event === 'connect') onUpgrade(books, args[1] as Connection);
    return books.emit(event, ...args);
  };
  server.emit = emit;
  return {
    drain() {
      books.draining = true;
      for (const response of books.running) {
        if (!response.headersSent) response.shouldKeepAlive = false;
      }
    },
    pending: () => books.running.size + books.waiting.length + books.upgraded.size,
    isFlushing: () => [...books.running].some((response) => response.writableEnded),
    endUpgraded() {
      for (const socket of books.upgraded) socket.destroySoon();
    },
  };
}

function onRequest(books: Books, arrival: Arrival): void {
  const { event, request, response } = arrival;
  // A 'checkContinue' listener hands the same request on as 'request'.
  if (response[seen] === true) {
    books.emit(event, request, response);
    return;
  }
  response[seen] = true;
  const { hooks } = books;
  if (!hooks.admit(request, response)) onRefused(books, arrival);
  else if (hooks.cap > 0 && books.running.size >= hooks.cap) wait(books, arrival);
  else begin(books, arrival);
}

/**
 * A request ends with its response's 'close', which also comes when the client leaves. One that was
 * pipelined behind another has no socket yet: it ends with the connection too (its own 'close'
 * comes as soon as its body is read).
 */
function begin(books: Books, arrival: Arrival): void {
  const { event, request, response } = arrival;
  const { counters, hooks } = books;
  const connection: Connection = request.socket;
  const from = connection[peer] ?? connection.remoteAddress ?? '';
  connection[peer] = from;
  books.running.add(response);
  const startedAt = hooks.now();
  const work = { method: request.method ?? '', peer: from, uri: request.url ?? '' };
  const core = counters.begin(work, startedAt);
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    const now = hooks.now();
    const tx = sentSince(connection);
    counters.end(core, startedAt, now, tx);
    if (!response.writableFinished) counters.add('aborted', 1);
    hooks.log?.request({ request, response, tx, core, micros: (now - startedAt) * 1000 });
    books.running.delete(response);
    while (books.waiting.length > 0 && books.running.size < hooks.cap) books.waiting.shift()?.();
    hooks.onEnd();
  };
  onOver(arrival, end);
  if (books.draining) response.shouldKeepAlive = false;
  books.emit(event, request, response);
}

/** Calls `end`, which may be called twice, when an answer is complete or can never be. */
function onOver({ request, response }: Arrival, end: () => void): void {
  response.on('close', end);
  if (response.socket !== null) return;
  const connection: Connection = request.socket;
  // One listener for all: hundreds may be pipelined.
  const ends = connection[behind] ?? followEnds(connection);
  ends.add(end);
  response.on('close', () => ends.delete(end));
}

function followEnds(connection: Connection): Set<() => void> {
  const ends = new Set<() => void>();
  connection[behind] = ends;
  connection.on('close', () => {
    for (const end of ends) end();
  });
  return ends;
}

/** Holds a request until a place is free, or its client leaves. */
function wait(books: Books, arrival: Arrival): void {
  const { counters, waiting, hooks } = books;
  const { request } = arrival;
  const lost = (): void => {
    counters.add('aborted', 1);
    counters.refused(sentSince(request.socket));
    hooks.onEnd();
  };
  const start = (): void => {
    request.off('close', leave);
    counters.add('queued', -1);
    // The end of the request before it on the same connection is heard of first.
    if (request.socket.destroyed) lost();
    else begin(books, arrival);
  };
  const leave = (): void => {
    waiting.splice(waiting.indexOf(start), 1);
    counters.add('queued', -1);
    lost();
  };
  counters.add('queued', 1);
  request.on('close', leave);
  waiting.push(start);
}

function onRefused({ counters, hooks }: Books, arrival: Arrival): void {
  const { request, response } = arrival;
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    const tx = sentSince(request.socket);
    counters.refused(tx);
    hooks.log?.request({ request, response, tx, core: -1, micros: 0 });
    hooks.onEnd();
  };
  onOver(arrival, end);
}

/** The exchange is over once the protocol is switched; what follows is a connection, not a request. */
function onUpgrade({ counters, hooks, upgraded }: Books, socket: Connection): void {
  counters.refused(sentSince(socket));
  counters.add('upgraded', 1);
  upgraded.add(socket);
  socket.on('close', () => {
    counters.add('upgraded', -1);
    counters.add('tx', sentSince(socket));
    upgraded.delete(socket);
    hooks.onEnd();
  });
}

/** Bytes sent on a connection since this was last asked. */
function sentSince(connection: Connection): number {
  const sent = connection.bytesWritten;
  const tx = sent - (connection[sentBefore] ?? 0);
  connection[sentBefore] = sent;
  return tx;
}
