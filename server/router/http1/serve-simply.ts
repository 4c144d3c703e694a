import type http from 'node:http';
import type https from 'node:https';
import { Server as TlsServer, TLSSocket } from 'node:tls';
import type net from 'node:net';
import type { SimpleFront } from './simple-front.js';

/** As Node's own, for who answers such errors (http/malformed.ts). */
class Late extends Error {
  readonly code = 'ERR_HTTP_REQUEST_TIMEOUT';
}

/**
 * Lets connections begin in the front for simple requests, before the listeners that a server has
 * for them by now. Those on which HTTP/2 was agreed on are theirs at once.
 */
export function serveSimply(server: http.Server | https.Server, front: SimpleFront): void {
  const event = server instanceof TlsServer ? 'secureConnection' : 'connection';
  const listeners = server.listeners(event) as ((socket: net.Socket) => void)[];
  server.removeAllListeners(event);
  server.on(event, (socket: net.Socket) => {
    const toNode = (): void => {
      for (const listen of listeners) listen.call(server, socket);
    };
    if (socket instanceof TLSSocket && socket.alpnProtocol === 'h2') {
      toNode();
      return;
    }
    const late = (): void => {
      server.emit('clientError', new Late('the request did not come in time'), socket);
    };
    front.take(socket, { toNode, late });
  });
}
