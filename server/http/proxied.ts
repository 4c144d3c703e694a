import net from 'node:net';
import tls from 'node:tls';
import { type ProxiedPeer, readProxyHeader } from './proxy-protocol.js';

/** What is done about connections that begin with a header of the PROXY protocol. */
export interface ProxiedHooks {
  /** Whether a peer may say who its client is; the address is empty for a unix socket. */
  readonly isTrusted: (address: string) => boolean;
  /** How long a peer may take for the header, in milliseconds. */
  readonly waitMs: number;
  /** A connection was closed for what is said here, without an answer. */
  readonly onRefused: (why: string, address: string) => void;
}

export interface Proxied {
  /** Closes the connections whose header has not come. */
  close(): void;
}

/**
 * From now on every connection that a server accepts begins with a header of the PROXY protocol,
 * which is read before anything else is, TLS included: its address is the connection's then. One
 * without is closed, and so is one of a stranger, who could claim any address.
 */
export function expectProxyHeader(server: net.Server, hooks: ProxiedHooks): Proxied {
  const emit = server.emit.bind(server) as (event: string | symbol, ...args: unknown[]) => boolean;
  const waiting = new Set<net.Socket>();
  if (server instanceof tls.Server) server.prependListener('secureConnection', adoptPeer);
  server.emit = (event: string | symbol, ...args: unknown[]) => {
    const [connection] = args;
    if (event !== 'connection' || !(connection instanceof net.Socket)) return emit(event, ...args);
    accept(connection, waiting, hooks, () => {
      emit('connection', connection);
    });
    return true;
  };
  return {
    close() {
      for (const socket of waiting) socket.destroy();
    },
  };
}

function accept(
  socket: net.Socket,
  waiting: Set<net.Socket>,
  { isTrusted, waitMs, onRefused }: ProxiedHooks,
  pass: () => void,
): void {
  const address = socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  let bytes = Buffer.alloc(0);
  const refuse = (why: string): void => {
    onRefused(why, address);
    socket.destroy();
  };
  const timer = setTimeout(() => {
    refuse('its PROXY header did not come in time');
  }, waitMs).unref();
  const settle = (): void => {
    clearTimeout(timer);
    waiting.delete(socket);
    socket.off('readable', read).off('close', settle).off('error', ignore).off('end', end);
  };
  const end = (): void => {
    socket.destroy();
  };
  const read = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    bytes = Buffer.concat([bytes, chunk]);
    const header = readProxyHeader(bytes);
    if (header.type === 'more') return;
    settle();
    if (header.type === 'faulty') {
      refuse('it does not begin with a valid PROXY header');
      return;
    }
    if (header.peer !== null) setPeer(socket, header.peer);
    if (header.length < bytes.length) socket.unshift(bytes.subarray(header.length));
    pass();
  };
  waiting.add(socket);
  socket.on('error', ignore).on('close', settle).on('end', end);
  if (isTrusted(address)) socket.on('readable', read);
  else refuse('it is none of --trust-proxy, whose PROXY header would be believed');
}

/** A connection with TLS asks the kernel for its peer, and not the one that it is carried by. */
function adoptPeer(secure: tls.TLSSocket): void {
  const carrier: unknown = Reflect.get(secure, '_parent');
  if (!(carrier instanceof net.Socket) || !Object.hasOwn(carrier, 'remoteAddress')) return;
  const { remoteAddress = '', remotePort = 0 } = carrier;
  setPeer(secure, { address: remoteAddress, port: remotePort });
}

/** What a broken connection tells, its 'close' tells too. */
function ignore(): void {
  return undefined;
}

function setPeer(socket: net.Socket, { address, port }: ProxiedPeer): void {
  // In front of the getters of the prototype.
  Object.defineProperties(socket, {
    remoteAddress: { value: address, configurable: true },
    remotePort: { value: port, configurable: true },
    remoteFamily: { value: net.isIPv6(address) ? 'IPv6' : 'IPv4', configurable: true },
  });
}
