import type http from 'node:http';
import net from 'node:net';
import type { Place } from './application.js';
import { NOTHING_ASKED, readListenArguments, type Wanted } from './listen-arguments.js';
import { pretendToListen } from './pretend-listening.js';
import { answerToListen, type Phase } from './listen-rule.js';
import { isHttp2Server, isHttpServer } from './shapes.js';

/** A server that was given the inherited socket, and how that ended. */
export interface Taken {
  readonly server: http.Server;
  /** Resolves when it accepts, rejects with the error of `listen`. */
  readonly listening: Promise<void>;
}

/** What `listen()` of the application's own code meets while the takeover stands. */
export interface Takeover {
  /** The server that has the socket, once there is one. */
  taken(): Taken | undefined;
  /** Resolves when there is one. */
  readonly first: Promise<Taken>;
  /** Servers that listened on a port of their own, and the address they asked for. */
  ownServers(): readonly { readonly server: http.Server; readonly port: number | undefined }[];
  /** Whether a server of node:http2 listened: those are left alone. */
  sawHttp2(): boolean;
  /**
   * Keeps the place for `server`, which the loader made of an export. A later `listen()` of a
   * server for which `sameApplication` holds is taken for done.
   */
  keepFor(server: http.Server, sameApplication: (server: http.Server) => boolean): void;
  /** Gives `server` the inherited socket, as if it had called `listen()` first. */
  listen(server: http.Server): Promise<void>;
  /** Puts Node's own `listen` back. */
  dispose(): void;
}

export interface TakeoverOptions {
  readonly place: Place;
  /**
   * Whether the first HTTP(S) `listen()` is given the socket whatever port it asks for; else only
   * one that asks for the public port is.
   */
  readonly takeFirst: boolean;
  /** Called before that server listens. */
  readonly onServer: (server: http.Server) => void;
}

interface State {
  taken?: Taken;
  /** The port that the taken server had asked for. */
  asked?: number | undefined;
  kept?: { readonly server: http.Server; readonly same: (server: http.Server) => boolean };
  http2?: boolean;
  readonly own: { readonly server: http.Server; readonly port: number | undefined }[];
}

/**
 * Stands between the application and `listen()`, so that a program written to listen itself runs
 * unchanged: its first HTTP(S) server is given the inherited socket instead of the port it asks
 * for, while callback, 'listening' event and `address()` work as it expects. A later `listen` on
 * the same port, which Fastify makes for `::1`, is taken for done. Everything else (another port,
 * a plain TCP server, HTTP/2) stays the application's own.
 *
 * It replaces `net.Server.prototype.listen`, which every server inherits; what a preload had put
 * there before is still called.
 */
export function takeOver(options: TakeoverOptions): Takeover {
  const { place } = options;
  const publicPort = typeof place.address === 'string' ? undefined : place.address.port;
  const state: State = { own: [] };
  const original = currentListen();
  let announce: (taken: Taken) => void = () => undefined;
  const first = new Promise<Taken>((resolve) => (announce = resolve));

  const give = (server: http.Server, wanted: Wanted): Taken => {
    if (state.kept?.server !== server) options.onServer(server);
    server.address = () => (server.listening ? place.address : null);
    // Node reads the backlog of a descriptor from the second argument only, never from options.
    const where = { fd: place.fd, ...(wanted.signal && { signal: wanted.signal }) };
    Reflect.apply(original, server, [where, place.backlog, ...wanted.callback]);
    const taken = { server, listening: outcome(server) };
    state.taken = taken;
    state.asked = wanted.port;
    announce(taken);
    return taken;
  };

  const situation = (server: http.Server) => ({
    publicPort,
    takeFirst: options.takeFirst,
    phase: phaseOf(state, server),
    askedPort: state.asked,
    sameApplication: state.kept?.same(server) ?? false,
  });

  function listen(this: net.Server, ...args: unknown[]): unknown {
    const wanted = readListenArguments(args);
    // A server that listens already gets Node's own error.
    const answer =
      isHttpServer(this) && !this.listening ? answerToListen(wanted, situation(this)) : 'own';
    switch (answer) {
      case 'give':
        if (isHttpServer(this)) give(this, wanted);
        return this;
      case 'pretend':
        pretendToListen(this, place.address, wanted.callback);
        return this;
      case 'own':
        if (isHttp2Server(this)) state.http2 = true;
        if (isHttpServer(this)) state.own.push({ server: this, port: wanted.port });
        return Reflect.apply(original, this, args);
    }
  }
  replaceListen(listen);

  return {
    taken: () => state.taken,
    first,
    ownServers: () => state.own,
    sawHttp2: () => state.http2 === true,
    keepFor: (server, sameApplication) => (state.kept = { server, same: sameApplication }),
    listen: (server) =>
      (state.taken?.server === server ? state.taken : give(server, NOTHING_ASKED)).listening,
    dispose: () => {
      if (currentListen() === listen) replaceListen(original);
    },
  };
}

function phaseOf(state: State, server: http.Server): Phase {
  if (state.taken) return state.taken.server === server ? 'its own again' : 'taken';
  if (!state.kept) return 'free';
  return state.kept.server === server ? 'kept for it' : 'kept';
}

/** The outcome also keeps a failing `listen` from being an uncaught 'error' event. */
function outcome(server: http.Server): Promise<void> {
  const listening = new Promise<void>((resolve, reject) => {
    const done = (settle: () => void) => () => {
      server.off('listening', onListening).off('error', onError).off('close', onClose);
      settle();
    };
    const onListening = done(resolve);
    const onClose = done(() => {
      reject(new Error('the server was closed before it listened'));
    });
    const onError = (error: Error): void => {
      done(() => {
        reject(error);
      })();
    };
    server.once('listening', onListening).once('error', onError).once('close', onClose);
  });
  // Whoever asks gets the error; nobody has to ask.
  listening.catch(() => undefined);
  return listening;
}

function currentListen(): CallableFunction {
  const found: unknown = Reflect.get(net.Server.prototype, 'listen');
  if (typeof found !== 'function') throw new TypeError('net.Server has no listen()');
  return found;
}

function replaceListen(listen: CallableFunction): void {
  Object.defineProperty(net.Server.prototype, 'listen', {
    value: listen,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
