import type net from 'node:net';
import type { Place } from './application.js';

/**
 * Makes a server look as if it listened at `address`, without a socket: 'listening' fires in the
 * next tick, `close()` succeeds and ends it. For the second `listen` on a port that is served
 * already, which in a program of its own would have bound another local address.
 */
export function pretendToListen(
  server: net.Server,
  address: Place['address'],
  callbacks: readonly (() => void)[],
): void {
  for (const callback of callbacks) server.once('listening', callback);
  let open = true;
  Object.defineProperty(server, 'listening', { configurable: true, get: () => open });
  server.address = () => (open ? address : null);
  server.close = (callback) => {
    open = false;
    for (const name of ['listening', 'address', 'close']) Reflect.deleteProperty(server, name);
    // Node's own close reports a server without a socket as an error to its callback.
    if (callback)
      server.once('close', () => {
        callback();
      });
    return server.close();
  };
  process.nextTick(() => {
    if (open) server.emit('listening');
  });
}
