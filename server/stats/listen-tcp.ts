import { createServer, type Server, type Socket } from 'node:net';
import { formatAddress } from '../../shared/address.js';
import type { Problem } from '../../shared/problem.js';
import { err, ok, type Result } from '../../shared/result.js';
import { bindProblem } from '../problems/bind-problem.js';

/** Something that accepts connections at one address. */
export interface Listener {
  /** As bound: with the real port. */
  readonly address: string;
  /** `unix` for abstract names too. */
  readonly kind: 'tcp' | 'unix';
  /** Where clients have to begin with a TLS handshake: the option that says so, as written. */
  readonly secure?: string;
  /** The listening descriptor, for a master that follows; -1 where it cannot be told. */
  readonly fd: number;
  /** The absolute path of a unix socket's file; null where there is none. */
  readonly file: string | null;
  /** Accepts no more; connections that were accepted stay open. */
  close(): void;
  /** The same, but a socket's file stays: another process listens on it. */
  leave(): void;
}

/** Is called for each connection, which may be half open. */
export type OnConnection = (socket: Socket, listener: Listener) => void;

/** Where and how `listen` of a plain server is to listen. */
export type Bindable =
  | { readonly host: string; readonly port: number }
  | { readonly path: string }
  /** A descriptor that listens already. */
  | { readonly fd: number };

/** The descriptor of a server that listens. Node has no public way to ask for it. */
export function descriptorOf(server: Server): number {
  const handle: unknown = Reflect.get(server, '_handle');
  const fd: unknown =
    typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : -1;
  return typeof fd === 'number' ? fd : -1;
}

/**
 * Connections that the kernel holds while this loop is busy; it cuts the number to its own limit
 * (net.core.somaxconn). With Node's 511 some of a thousand readers at once were put off for a
 * second, after which their kernel asks again.
 */
const BACKLOG = 4096;

/** A server that listens; the error is Node's. */
export function startListening(
  where: Bindable,
  onSocket: (socket: Socket) => void,
): Promise<Result<Server, NodeJS.ErrnoException>> {
  return new Promise((resolve) => {
    const server = createServer({ allowHalfOpen: true }, onSocket);
    server.once('error', (error) => {
      resolve(err(error));
    });
    server.listen({ ...where, backlog: BACKLOG }, () => {
      server.removeAllListeners('error');
      // `accept` fails when descriptors run out; the connection waits in the kernel meanwhile.
      server.on('error', () => undefined);
      resolve(ok(server));
    });
  });
}

/** Listens at `host:port` and nowhere else. */
export async function listenTcp(
  host: string,
  port: number,
  onConnection: OnConnection,
): Promise<Result<Listener, { readonly code: string; readonly problem: Problem }>> {
  const bound: { listener?: Listener } = {};
  const started = await startListening({ host, port }, (socket) => {
    if (bound.listener) onConnection(socket, bound.listener);
    else socket.destroy();
  });
  if (!started.ok) {
    const code = started.error.code ?? '';
    const written = formatAddress({ kind: 'tcp', host, port });
    const problem = bindProblem(`--stats ${written}`, code, started.error.message);
    return err({ code, problem });
  }
  const server = started.value;
  const at = server.address();
  const where =
    at !== null && typeof at === 'object' ? { host: at.address, port: at.port } : { host, port };
  bound.listener = {
    address: formatAddress({ kind: 'tcp', ...where }),
    kind: 'tcp',
    fd: descriptorOf(server),
    file: null,
    close: () => server.close(),
    leave: () => server.close(),
  };
  return ok(bound.listener);
}

/** How often a free port is sought that is free on both loopback addresses. */
const PORT_ATTEMPTS = 20;

/**
 * Listens on 127.0.0.1 and ::1 with the same port. A machine without ::1 gets 127.0.0.1 alone, and
 * `log` says so. Port 0 takes any port that is free on both.
 */
export async function listenLoopback(
  port: number,
  onConnection: OnConnection,
  log: (line: string) => void,
): Promise<Result<readonly Listener[], Problem>> {
  for (let attempt = 1; ; attempt++) {
    const v4 = await listenTcp('127.0.0.1', port, onConnection);
    if (!v4.ok) return err(v4.error.problem);
    const real = Number(v4.value.address.split(':')[1]);
    const v6 = await listenTcp('::1', real, onConnection);
    if (v6.ok) return ok([v4.value, v6.value]);
    if (v6.error.code === 'EADDRNOTAVAIL' || v6.error.code === 'EAFNOSUPPORT') {
      log(`stats server: ::1 is not available here, listening on ${v4.value.address} alone`);
      return ok([v4.value]);
    }
    v4.value.close();
    if (port !== 0 || v6.error.code !== 'EADDRINUSE' || attempt === PORT_ATTEMPTS) {
      return err(v6.error.problem);
    }
  }
}
