import http from 'node:http';
import type net from 'node:net';
import type { BackendConnection } from './backend-connection.js';
import type { ResponseHead } from './response-head.js';
import { openTunnel, switchingText } from './tunnel.js';

/** A response for a request to upgrade, for which Node makes none: it closes its connection. */
export function responseToUpgrade(
  request: http.IncomingMessage,
  socket: net.Socket,
): http.ServerResponse {
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

/** A client that asked for another protocol, and what it sent behind its request. */
interface Upgrading {
  readonly socket: net.Socket;
  readonly response: http.ServerResponse;
  readonly early: Buffer;
}

/** Passes on that the protocol is switched, and joins both connections; `onClose` when both are closed. */
export function switchOver(
  { socket, response, early }: Upgrading,
  answer: {
    readonly head: ResponseHead;
    readonly connection: BackendConnection;
    readonly rest: Buffer;
  },
  onClose: () => void,
): void {
  response.detachSocket(socket);
  const worker = answer.connection.detach();
  socket.write(switchingText(answer.head), 'latin1');
  openTunnel({ client: socket, worker, fromClient: early, fromWorker: answer.rest }, onClose);
}
