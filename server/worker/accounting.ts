import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { accountOf, type Connection, endWithConnection, sentSince } from './connection.js';
import type { Counters } from './counters.js';
import { MAX_CORES } from './memory.js';
import type { RequestLog } from './request-log.js';

/** What accounting needs to know of a request before the application sees it. */
export interface Hooks {
  /** Whether a request may reach the application; if not, it has been answered. */
  readonly admit: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** The same for a request that wants another protocol on its connection. */
  readonly admitUpgrade: (request: IncomingMessage, socket: Socket) => boolean;
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
  /** Ends upgraded connections, which no answer will ever close. */
  endUpgraded(): void;
  /** To be called at each beat of the loop. */
  beat(): void;
}

type Emit = (event: string | symbol, ...args: unknown[]) => boolean;

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
  /** How many requests are inside the application. */
  running: number;
  /** Their answers by core, as far as they have one. */
  readonly answers: (ServerResponse | null)[];
  /** When they began, by core. */
  readonly started: Float64Array;
  /** What ends them, by core. */
  readonly ends: ((this: ServerResponse) => void)[];
  draining: boolean;
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
    running: 0,
    answers: [],
    started: new Float64Array(MAX_CORES),
    ends: [],
    draining: false,
  };
  const emit: Emit = (event, ...args) => {
    if (event === 'request' || event === 'checkContinue' || event === 'checkExpectation') {
      onRequest(books, event, args[0] as IncomingMessage, args[1] as SeenResponse);
      return true;
    }
    if (event === 'upgrade' || event === 'connect') {
      const socket = args[1] as Connection;
      if (!hooks.admitUpgrade(args[0] as IncomingMessage, socket)) {
        counters.refused(0);
        return true;
      }
      onUpgrade(books, socket);
    }
    return books.emit(event, ...args);
  };
  server.emit = emit;
  return {
    drain() {
      books.draining = true;
      for (const response of books.answers) {
        if (response?.headersSent === false) response.shouldKeepAlive = false;
      }
    },
    beat: () => {
      nameClients(books);
    },
    pending: () => books.running + books.waiting.length + books.upgraded.size,
    endUpgraded() {
      for (const socket of books.upgraded) socket.destroySoon();
    },
  };
}

function onRequest(
  books: Books,
  event: string,
  request: IncomingMessage,
  response: SeenResponse,
): void {
  // A 'checkContinue' listener hands the same request on as 'request'.
  if (response[seen] === true) {
    books.emit(event, request, response);
    return;
  }
  if (event !== 'request') response[seen] = true;
  const { hooks } = books;
  if (!hooks.admit(request, response)) onRefused(books, request, response);
  else if (hooks.cap > 0 && books.running >= hooks.cap) wait(books, event, request, response);
  else begin(books, event, request, response);
}

/**
 * A request ends with its response's 'close', which also comes when the client leaves. One that was
 * pipelined behind another has no socket yet: it ends with the connection too (its own 'close'
 * comes as soon as its body is read).
 */
function begin(
  books: Books,
  event: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { counters, hooks } = books;
  const account = accountOf(request.socket);
  // The log needs the address at the end, when a client that left can no longer be asked for it.
  if (hooks.log !== null && account.peer === '') account.peer = request.socket.remoteAddress ?? '';
  books.running++;
  const startedAt = hooks.now();
  const core = counters.begin(request, account, startedAt);
  if (core >= 0) {
    books.answers[core] = response;
    books.started[core] = startedAt;
  }
  if (core >= 0 && response.socket !== null) {
    response.on('close', (books.ends[core] ??= endOfCore(books, core)));
  } else {
    endOnce(books, response, core, startedAt);
  }
  if (books.draining) response.shouldKeepAlive = false;
  books.emit(event, request, response);
}

/**
 * What ends whatever runs on a core, made once for the core: a function for each request would cost
 * as much as the rest of its accounting.
 */
function endOfCore(books: Books, core: number): (this: ServerResponse) => void {
  return function () {
    if (books.answers[core] === this) finish(books, this, core, books.started[core] ?? 0);
  };
}

/** The same for a request that has no core to be known by, or may hear of its end twice. */
function endOnce(books: Books, response: ServerResponse, core: number, startedAt: number): void {
  let over = false;
  const end = (): void => {
    if (!over) finish(books, response, core, startedAt);
    over = true;
  };
  response.on('close', end);
  if (response.socket === null) endWithConnection(response.req.socket, response, end);
}

function finish(books: Books, response: ServerResponse, core: number, startedAt: number): void {
  const { counters, hooks } = books;
  const request = response.req;
  if (core >= 0) books.answers[core] = null;
  const now = hooks.now();
  const tx = sentSince(request.socket);
  counters.end(core, startedAt, now, tx);
  if (!response.writableFinished) counters.add('aborted', 1);
  hooks.log?.request({ request, response, tx, core, micros: (now - startedAt) * 1000 });
  books.running--;
  while (books.waiting.length > 0 && books.running < hooks.cap) books.waiting.shift()?.();
  hooks.onEnd();
}

/** Holds a request until a place is free, or its client leaves. */
function wait(
  books: Books,
  event: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { counters, waiting, hooks } = books;
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
    else begin(books, event, request, response);
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

function onRefused(
  { counters, hooks }: Books,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    const tx = sentSince(request.socket);
    counters.refused(tx);
    hooks.log?.request({ request, response, tx, core: -1, micros: 0 });
    hooks.onEnd();
  };
  response.on('close', end);
  if (response.socket === null) endWithConnection(request.socket, response, end);
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

/**
 * Names the clients of what is in flight. Asking for an address is a slow system call, so it is
 * spared to requests that are over before the loop's next beat; while the loop is blocked, the
 * monitor thread finds them out by descriptor.
 */
function nameClients({ answers, counters }: Books): void {
  answers.forEach((answer, core) => {
    if (answer === null) return;
    const { socket } = answer.req;
    const account = accountOf(socket);
    if (account.peer !== '') return;
    account.peer = socket.remoteAddress ?? '';
    if (account.peer !== '') counters.named(core, account.peer);
  });
}
