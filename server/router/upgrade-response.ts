import http from 'node:http';
import type net from 'node:net';

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
