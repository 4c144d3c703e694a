import type { Server } from 'node:http';
import net from 'node:net';
import type { Accounting } from './books.js';

/** How long kept-alive clients get to learn from an answer that their connection closes. */
const IDLE_GRACE_MS = 1000;
/** How long connections get to close once nothing is in flight on them. */
const LINGER_MS = 1000;

/** Further sockets, whose connections are the server's as soon as they ask for something. */
export interface Further {
  readonly servers: readonly net.Server[];
  /** Closes connections on which nothing has come yet; with `all`, also those that have begun to ask. */
  close(all: boolean): void;
}

export interface Drain {
  /** Stops accepting; may be called again without effect. */
  start(): void;
  /** To be called whenever a request ends. */
  onEnd(): void;
}

/**
 * Empties a worker without cutting anyone off: it stops accepting but leaves idle connections
 * alone, so that a client that is about to send on one still gets its answer, now with
 * `Connection: close`; after a grace what is idle is closed. `http.Server.close` would close idle
 * connections at once, under requests that are on their way. `onDone` is called once.
 */
export function createDrain(
  server: Server,
  further: Further,
  accounting: Accounting,
  onDone: () => void,
): Drain {
  let started = false;
  let closing = false;
  let open = 1 + further.servers.length;

  const closed = (): void => {
    open--;
    if (open === 0) onDone();
  };
  const finish = (): void => {
    // While anything is in flight, idle connections are left to their clients and to Node's
    // keep-alive timeout: Node takes a connection for idle whose answer is still being sent.
    if (!closing || accounting.pending() > 0) return;
    server.closeIdleConnections();
    further.close(false);
    setTimeout(() => {
      server.closeAllConnections();
      further.close(true);
    }, LINGER_MS).unref();
  };
  return {
    start() {
      if (started) return;
      started = true;
      accounting.drain();
      for (const listener of [server, ...further.servers]) {
        net.Server.prototype.close.call(listener, closed);
      }
      setTimeout(() => {
        closing = true;
        accounting.endUpgraded();
        finish();
      }, IDLE_GRACE_MS);
    },
    onEnd: finish,
  };
}
