import type { Socket } from 'node:net';
import { isLocal, type Peer } from '../control/peer.js';
import type { UserOf } from '../control/peer-uid.js';
import { createVisitor, networkOf, type Visitor } from '../control/visitor.js';
import type { Listener } from './listen-tcp.js';

/** Who clients are, found out when it is first asked for: most of them only read. */
export interface VisitorBook {
  enter(socket: Socket, listener: Listener, tls?: Peer['tls']): void;
  readonly of: (socket: Socket) => Visitor | undefined;
}

/** `userOf` finds a user in another way than in the kernel's table. */
export function visitorBook(userOf?: UserOf): VisitorBook {
  const visitors = new WeakMap<Socket, () => Visitor>();
  return {
    enter(socket, listener, tls) {
      let visitor: Visitor | undefined;
      visitors.set(socket, () => (visitor ??= visitorOf(socket, listener, tls, userOf)));
    },
    of: (socket) => visitors.get(socket)?.(),
  };
}

/** Under which name the connections of a peer are counted; null on this machine. */
export function countedPeer(socket: Socket, listener: Listener): string | null {
  // Asking the kernel for both ends is a good part of what a raw answer costs.
  if (listener.kind === 'unix' || isLoopbackListener(listener)) return null;
  return isLocal(peerOf(socket, listener)) ? null : networkOf(socket.remoteAddress ?? '');
}

/** Where only this machine can connect. */
function isLoopbackListener({ address }: Listener): boolean {
  return address.startsWith('127.') || address.startsWith('[::1]');
}

function peerOf({ remoteAddress, localAddress, localPort }: Socket, { kind }: Listener): Peer {
  return { kind, remoteAddress, localAddress, localPort };
}

function visitorOf(
  socket: Socket,
  listener: Listener,
  tls: Peer['tls'],
  userOf: UserOf | undefined,
): Visitor {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  const name =
    listener.kind === 'unix' ? listener.address : `${remoteAddress ?? '?'}:${remotePort ?? 0}`;
  const ends =
    remoteAddress === undefined ||
    remotePort === undefined ||
    localAddress === undefined ||
    localPort === undefined
      ? null
      : { remoteAddress, remotePort, localAddress, localPort };
  const peer = { ...peerOf(socket, listener), ...(tls === undefined ? {} : { tls }) };
  return createVisitor(peer, name, ends, userOf);
}
