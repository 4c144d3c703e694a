import type { WorkerSocket } from '../worker/config.js';
import type { ServedSocket } from './bind.js';
import { NO_PRIVATE_SOCKETS, type PrivateSockets } from './private-sockets.js';
import { type Certificates, NO_CERTIFICATES } from './tls/certificates.js';

/** Every socket that the instance listens on for requests. */
export interface Listeners {
  /** Of `--http-socket` and `--socket`: workers accept on them. */
  readonly direct: readonly ServedSocket[];
  /** Of `--http` and `--https`: routers accept on them. */
  readonly routed: readonly ServedSocket[];
  /** Between routers and workers. */
  readonly inner: PrivateSockets;
  /** What is shown on those of `--https`. */
  readonly certificates: Certificates;
}

/** Those that clients connect to. */
export function publicSockets({ direct, routed }: Listeners): readonly ServedSocket[] {
  return [...direct, ...routed];
}

/**
 * What a worker listens on. Where it accepts nothing but what routers hand it, its application is
 * told the address of the first router, as that is where clients find it.
 */
export function socketsOfWorker(listeners: Listeners, worker: number): readonly WorkerSocket[] {
  const { direct, routed, inner } = listeners;
  const own = direct.map(({ fd, address, proto }): WorkerSocket => ({
    ...{ fd, address, isRouted: false },
    proto: proto === 'uwsgi' ? 'uwsgi' : 'http',
  }));
  const inside = inner.sockets[worker - 1];
  if (inside === undefined) return own;
  const address = direct[0] === undefined ? routed[0]?.address : undefined;
  return [
    ...own,
    { fd: inside.fd, proto: 'http', address: address ?? inside.address, isRouted: true },
  ];
}

/** Listeners without a router. */
export function directOnly(direct: readonly ServedSocket[]): Listeners {
  return { direct, routed: [], inner: NO_PRIVATE_SOCKETS, certificates: NO_CERTIFICATES };
}
