import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { subscribe } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import { ignoreH2c, leaveH2cBodies } from '../http/h2c.js';
import type { Accounting, Books, Emit, Hooks } from './books.js';
import {
  accountOf,
  type Connection,
  endWithConnection,
  hearOfEnds,
  knownAccount,
  type Owner,
} from './connection.js';
import type { Counters } from './counters.js';
import { flightsOf } from './flights.js';
import { MAX_CORES } from './memory.js';
import { createTraffic } from './traffic.js';
import { onUpgrade } from './upgrades.js';
import { logged } from './logged-answer.js';
import { lookAtFlights } from './under-way.js';

type PlainEmit = (this: Server, ...args: Parameters<Emit>) => boolean;

const seen = Symbol('this request is accounted');
const givenUp = Symbol('this request was answered in the stead of the application');

interface SeenResponse extends ServerResponse {
  [seen]?: boolean;
  [givenUp]?: boolean;
}

/**
 * Counts every request that a server gets, by standing in front of its `emit`: that works for any
 * framework and leaves the prototype to whoever else patches it.
 */
export function account(server: Server, counters: Counters, hooks: Hooks): Accounting {
  const books = openBooks(server, counters, hooks);
  const emit: Emit = (event, ...args) => {
    if (event === 'request' || event === 'checkContinue' || event === 'checkExpectation') {
      onRequest(books, event, args[0] as IncomingMessage, args[1] as SeenResponse);
      return true;
    }
    if (event === 'upgrade' || event === 'connect') {
      const socket = args[1] as Connection;
      const request = args[0] as IncomingMessage;
      if (event === 'upgrade' && ignoreH2c(server, request, socket, args[2] as Buffer)) return true;
      hooks.client?.(request);
      const isAdmitted = hooks.admitUpgrade(request, socket);
      onUpgrade(books, request, socket, isAdmitted);
      if (!isAdmitted) return true;
    }
    return books.emit === null
      ? plainEmit.call(server, event, ...args)
      : books.emit(event, ...args);
  };
  server.emit = emit;
  leaveH2cBodies(server);
  let isDrained = false;
  hearOfAnswers();
  hearOfEnds();
  return {
    drain() {
      isDrained = true;
      letGo(books);
    },
    pause() {
      letGo(books);
    },
    resume() {
      books.draining = isDrained;
    },
    beat: () => {
      lookAtFlights(books);
      books.traffic.beat(
        (socket, { core, behind }) =>
          core < 0 && (behind?.size ?? 0) === 0 && !books.upgraded.has(socket),
      );
    },
    flights: () => flightsOf(books),
    giveUp({ response, core, startedAt }, answer) {
      (response as SeenResponse)[givenUp] = true;
      // It may end the connection, and the request with it.
      answer();
      const isOpen = core < 0 ? books.unnamed.delete(response) : books.answers[core] === response;
      if (isOpen) finish(books, response, core, startedAt);
    },
    pending: () => books.running + books.waiting.length + books.upgraded.size,
    endUpgraded() {
      for (const end of books.upgraded.values()) end();
    },
  };
}

/** From now on every answer closes its connection, those under way included. */
function letGo(books: Books): void {
  books.draining = true;
  for (const response of books.answers) {
    if (response?.headersSent === false) response.shouldKeepAlive = false;
  }
}

const plainEmit = Reflect.get(EventEmitter.prototype, 'emit') as PlainEmit;

function openBooks(server: Server, counters: Counters, hooks: Hooks): Books {
  const owner: Owner = {
    answered({ core }, response) {
      if (books.answers[core] === response) close(books, response, core, books.started[core] ?? 0);
    },
    closed(account, connection) {
      const { core } = account;
      // Not with -1: V8 would look for a property of that name.
      const response = core < 0 ? null : books.answers[core];
      if (response != null) finish(books, response, core, books.started[core] ?? 0);
      books.traffic.close(connection, account);
    },
  };
  const books: Books = {
    counters,
    hooks,
    traffic: createTraffic(counters),
    owner,
    server,
    emit: Reflect.get(server, 'emit') === plainEmit ? null : (server.emit.bind(server) as Emit),
    waiting: [],
    upgraded: new Map(),
    running: 0,
    answers: [],
    started: new Float64Array(MAX_CORES),
    unnamed: new Map(),
    draining: false,
  };
  return books;
}

let isHearing = false;

/**
 * Node tells of every answer that was sent on one channel, which costs a request half of what a
 * listener of its own on each response does.
 */
function hearOfAnswers(): void {
  if (isHearing) return;
  isHearing = true;
  subscribe('http.server.response.finish', (message) => {
    const { response, socket } = message as { response: ServerResponse; socket: Connection };
    const account = knownAccount(socket);
    if (account !== undefined && account.core >= 0) account.owner.answered(account, response);
  });
}

/** Hands an event on: `emit` is named and not bound, so that V8 can build it into the caller. */
function deliver(
  { server, emit }: Books,
  event: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (emit === null) plainEmit.call(server, event, request, response);
  else emit(event, request, response);
}

function onRequest(
  books: Books,
  event: string,
  request: IncomingMessage,
  response: SeenResponse,
): void {
  // A 'checkContinue' listener hands the same request on as 'request'.
  if (response[seen] === true) {
    deliver(books, event, request, response);
    return;
  }
  if (event !== 'request') response[seen] = true;
  const { hooks } = books;
  if (hooks.client !== null) nameClient(books, request);
  if (!hooks.admit(request, response)) onRefused(books, request, response);
  else if (hooks.cap > 0 && books.running >= hooks.cap) wait(books, event, request, response);
  else begin(books, event, request, response);
}

/** Before anybody sees the request: each one on a router's connection may be another client's. */
function nameClient({ hooks, owner }: Books, request: IncomingMessage): void {
  const client = hooks.client?.(request) ?? null;
  if (client !== null) accountOf(request.socket, owner).peer = client;
}

/**
 * A request ends when its answer was sent or the connection breaks, which are heard of without a
 * listener of its own. One that was pipelined behind another has no connection to itself yet: it
 * ends with its response's 'close', or with the connection.
 */
function begin(
  books: Books,
  event: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { counters, hooks } = books;
  const { socket } = request;
  const account = accountOf(socket, books.owner);
  // The log needs the address at the end, when a client that left can no longer be asked for it; and
  // by a descriptor that is not there nobody else can find it out.
  if (account.peer === '' && (hooks.log !== null || account.fd < 0)) {
    account.peer = socket.remoteAddress ?? '';
  }
  books.running++;
  const startedAt = hooks.now();
  const core = counters.begin(request, account, startedAt);
  if (core >= 0) {
    books.answers[core] = response;
    books.started[core] = startedAt;
    if (hooks.limit !== null) hooks.limit(core, request.url ?? '');
  } else {
    books.unnamed.set(response, startedAt);
  }
  if (core < 0 || response.socket === null) endOnce(books, response, core, startedAt);
  else account.core = core;
  if (account.isUsed) books.traffic.follow(socket, account);
  account.isUsed = true;
  if (books.draining) response.shouldKeepAlive = false;
  handOn(books, event, request, response);
}

/** To the application, unless a file answers. */
function handOn(
  books: Books,
  event: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { files } = books.hooks;
  if (files === null) {
    deliver(books, event, request, response);
    return;
  }
  const isTaken = files.take(request, response, {
    found: () => {
      // A file takes as long as its client does, and is nothing that could hang.
      const core = books.answers.indexOf(response);
      if (core >= 0) books.counters.unlimited(core);
    },
    missed: () => {
      deliver(books, event, request, response);
    },
  });
  if (!isTaken) deliver(books, event, request, response);
}

/** Ends a request by a listener of its own. */
function endOnce(books: Books, response: ServerResponse, core: number, startedAt: number): void {
  const end = (): void => {
    const isOpen = core < 0 ? books.unnamed.delete(response) : books.answers[core] === response;
    if (isOpen) finish(books, response, core, startedAt);
  };
  response.on('close', end);
  const account = accountOf(response.req.socket, books.owner);
  if (response.socket === null) endWithConnection(account, response, end);
}

/** Ends a request whose answer may not have been sent. */
function finish(books: Books, response: ServerResponse, core: number, startedAt: number): void {
  if (!response.writableFinished && (response as SeenResponse)[givenUp] !== true) {
    books.counters.add('aborted', 1);
  }
  close(books, response, core, startedAt);
}

/** Closes the books on a request. */
function close(books: Books, response: ServerResponse, core: number, startedAt: number): void {
  const { counters, hooks } = books;
  const request = response.req;
  const { socket } = request;
  const account = accountOf(socket, books.owner);
  if (core >= 0) {
    books.answers[core] = null;
    if (account.core === core) account.core = -1;
  }
  const now = hooks.now();
  const isStatic = hooks.files?.has(response) === true;
  counters.end(core, startedAt, now, isStatic);
  if (hooks.log !== null || !account.isFollowed) books.traffic.count(socket, account);
  const micros = (now - startedAt) * 1000;
  hooks.log?.request(logged(response, account, { core, micros, isStatic }));
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
    counters.add('requests', 1);
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

function onRefused(books: Books, request: IncomingMessage, response: ServerResponse): void {
  const { counters, hooks, traffic } = books;
  const { socket } = request;
  const account = accountOf(socket, books.owner);
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    counters.add('requests', 1);
    traffic.count(socket, account);
    hooks.log?.refused(logged(response, account, { core: -1, micros: 0, isStatic: false }));
    hooks.onEnd();
  };
  response.on('close', end);
  if (response.socket === null) endWithConnection(account, response, end);
}
