import type { IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';
import type { WorkerSocket } from './config.js';

/** Who asks, where a router stands between. */
export interface RoutedClients {
  /** A connection came in on a socket that only routers connect to. */
  add(connection: Socket): void;
  /** Whether a connection comes from a router. */
  has(connection: Socket): boolean;
  /**
   * The address of the client of a request; null where the other end of its connection is the
   * client. From now on the connection has that address, for the application and the log.
   */
  readonly addressOf: (request: IncomingMessage) => string | null;
}

/**
 * A router hands on the requests of many clients over one connection, and writes the address of the
 * one it heard the request from behind all others in `X-Forwarded-For`. Only it can write to that
 * socket, so that entry is true, whatever a client wrote before it. Null without such a socket.
 */
export function createRoutedClients(sockets: readonly WorkerSocket[]): RoutedClients | null {
  if (!sockets.some(({ isRouted }) => isRouted)) return null;
  // The one socket of the application's own server does not announce its connections.
  const areAll = sockets[0]?.isRouted === true;
  const routed = new WeakSet<Socket>();
  const has = (connection: Socket): boolean => areAll || routed.has(connection);
  return {
    has,
    add: (connection) => void routed.add(connection),
    addressOf(request) {
      const { socket } = request;
      if (!has(socket)) return null;
      const address = lastForwarded(request.headers['x-forwarded-for']);
      setAddress(socket, address === '' ? undefined : address);
      return address;
    },
  };
}

/** Empty where it is no address: the client of a unix socket has none. */
function lastForwarded(header: string | string[] | undefined): string {
  const text = Array.isArray(header) ? header.join() : (header ?? '');
  const last = text.slice(text.lastIndexOf(',') + 1).trim();
  return isIP(last) === 0 ? '' : last;
}

function setAddress(socket: Socket, address: string | undefined): void {
  // In front of the getter of the prototype, which answers nothing for a unix socket.
  Object.defineProperty(socket, 'remoteAddress', { value: address, configurable: true });
}
