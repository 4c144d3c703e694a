import type http from 'node:http';
import type https from 'node:https';
import net from 'node:net';
import type { Router } from './router.js';

/** How long kept-alive clients get to learn from an answer that their connection closes. */
const IDLE_GRACE_MS = 1000;
/** How often is looked whether something is in flight still. */
const LOOK_MS = 50;
/** How long connections get to close once nothing is in flight on them. */
const LINGER_MS = 1000;

/** What is told of a router's end. */
export interface FarewellListener {
  /** Nothing is left but tunnels; called once. */
  readonly lingers: () => void;
  /** Every connection is closed. */
  readonly done: () => void;
}

/**
 * Empties a router without cutting anyone off, as a worker is emptied (worker/drain.ts): it stops
 * accepting but leaves idle connections alone for a second, so that a client that is about to send
 * on one still gets its answer, now with `Connection: close`. Tunnels stay for as long as both of
 * their ends want.
 */
export function sayFarewell(
  servers: readonly (http.Server | https.Server)[],
  router: Router,
  listener: FarewellListener,
): void {
  let open = servers.length;
  for (const server of servers) {
    net.Server.prototype.close.call(server, () => {
      open--;
      if (open === 0) listener.done();
    });
  }
  void router.drain();
  let isLingering = false;
  setTimeout(() => {
    const look = setInterval(() => {
      const { in_flight, queued, upgraded } = router.figures();
      if (in_flight + queued > 0) return;
      for (const server of servers) server.closeIdleConnections();
      router.closeIdle();
      if (upgraded > 0) {
        if (!isLingering) listener.lingers();
        isLingering = true;
        return;
      }
      clearInterval(look);
      // Also those that no server knows of: in a handshake, or of HTTP/2.
      setTimeout(() => {
        router.close();
      }, LINGER_MS).unref();
    }, LOOK_MS);
  }, IDLE_GRACE_MS);
}
