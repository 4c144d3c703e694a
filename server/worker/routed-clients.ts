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
      const address = lastForwarded(request.rawHeaders);
      const told = address === '' ? undefined : address;
      if (socket.remoteAddress !== told) setAddress(socket, told);
      return address;
    },
  };
}

/** As the router writes it, behind all that it passes on. */
const FORWARDED_FOR = 'X-Forwarded-For';

/**
 * Empty where it is no address: the client of a unix socket has none. Read from the raw fields,
 * since Node makes an object of all of them for who asks for one by its name.
 */
function lastForwarded(rawHeaders: readonly string[]): string {
  const at = rawHeaders.lastIndexOf(FORWARDED_FOR);
  const text = at < 0 ? '' : (rawHeaders[at + 1] ?? '');
  const last = text.slice(text.lastIndexOf(',') + 1).trim();
  return isIP(last) === 0 ? '' : last;
}

function setAddress(socket: Socket, address: string | undefined): void {
  // In front of the getter of the prototype, which answers nothing for a unix socket.
  Object.defineProperty(socket, 'remoteAddress', { value: address, configurable: true });
}
