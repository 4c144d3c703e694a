import net from 'node:net';
import { formatAddress, type Address } from '../../shared/address.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import type { Clock } from './clock.js';
import type { Failure, FailureCode } from './failure.js';
import { secure, type TlsTarget } from './tls.js';

/**
 * libuv before 1.48 (Node 20) fills an abstract name up with NULs to 108 bytes, on both sides, so
 * that it meets only other such programs.
 */
const EXACT_ABSTRACT_NAMES = isAtLeast(process.versions.uv, 1, 48);

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number);
  return a > major || (a === major && b >= minor);
}

/** The places that an address may mean, in the order to try them. */
export function places(address: Address): net.NetConnectOpts[] {
  switch (address.kind) {
    case 'unix':
      return [{ path: address.path }];
    case 'abstract':
      // uWSGI counts the closing NUL as part of the name it binds; everyone else does not.
      return [{ path: `\0${address.name}` }, { path: `\0${address.name}\0` }];
    case 'tcp': {
      const { host, port } = address;
      if (host !== '' && host !== 'localhost') return [{ host, port }];
      return ['127.0.0.1', '::1'].map((loopback) => ({ host: loopback, port }));
    }
  }
}

/**
 * Connects to the first of an address's places that accepts. The error is one sentence; when
 * `signal` fires the attempt ends, and its error is of no interest to anyone.
 */
async function dial(address: Address, signal: AbortSignal): Promise<Result<net.Socket, Failure>> {
  let first: Result<net.Socket, Failure> | undefined;
  for (const place of places(address)) {
    const connected = await connect(place, address, signal);
    if (connected.ok) return connected;
    first ??= connected;
    if (signal.aborted) break;
  }
  if (first !== undefined) return first;
  const message = `${formatAddress(address)} is no place to connect to`;
  return err({ code: 'unreachable', message });
}

/** Where to connect, and whether TLS goes around it. */
export interface Place {
  readonly address: Address;
  readonly tls?: TlsTarget;
}

/** As `dial`, with an end to it; the handshake of TLS included. */
export async function dialWithin(
  { address, tls }: Place,
  limits: { readonly deadlineMs: number; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Result<net.Socket, Failure>> {
  const attempt = new AbortController();
  const giveUp = (): void => {
    attempt.abort();
  };
  // Not AbortSignal.any: it would leave a trace on the long-lived signal with every poll.
  if (limits.signal.aborted) giveUp();
  limits.signal.addEventListener('abort', giveUp, { once: true });
  const cancel = limits.clock.after(limits.deadlineMs, giveUp);
  const dialled = await dial(address, attempt.signal);
  const socket =
    dialled.ok && tls !== undefined
      ? await shakeHands(dialled.value, tls, attempt.signal)
      : dialled;
  cancel();
  limits.signal.removeEventListener('abort', giveUp);
  return socket;
}

async function shakeHands(
  socket: net.Socket,
  tls: TlsTarget,
  signal: AbortSignal,
): Promise<Result<net.Socket, Failure>> {
  const secured = await secure(socket, tls, signal);
  return secured.ok ? secured : err({ code: 'tls', message: secured.error });
}

function connect(
  place: net.NetConnectOpts,
  address: Address,
  signal: AbortSignal,
): Promise<Result<net.Socket, Failure>> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(err({ code: 'timeout', message: 'the connection was given up' }));
      return;
    }
    const socket = net.connect(place);
    const settle = (result: Result<net.Socket, Failure>): void => {
      signal.removeEventListener('abort', abort);
      socket.removeAllListeners('connect');
      socket.removeAllListeners('error');
      // Whoever uses the socket listens too; without any listener a late error would be thrown.
      socket.on('error', () => undefined);
      resolve(result);
    };
    const abort = (): void => {
      socket.destroy();
      const message = `${formatAddress(address)} does not accept the connection`;
      settle(err({ code: 'timeout', message }));
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => {
      settle(ok(socket));
    });
    socket.once('error', (error) => {
      socket.destroy();
      settle(err({ code: failureCode(error), message: explain(address, error) }));
    });
  });
}

const CODES: ReadonlyMap<string, FailureCode> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['ENOENT', 'no-socket'],
  ['EACCES', 'not-allowed'],
  ['EPERM', 'not-allowed'],
  ['ENOTFOUND', 'unknown-host'],
  ['EAI_AGAIN', 'unknown-host'],
  ['ETIMEDOUT', 'timeout'],
]);

function failureCode(error: NodeJS.ErrnoException): FailureCode {
  return CODES.get(error.code ?? '') ?? 'unreachable';
}

/** Why a connection failed, in one sentence with the remedy where there is one. */
function explain(address: Address, error: NodeJS.ErrnoException): string {
  const name = formatAddress(address);
  const code = error.code ?? messageOf(error);
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens on ${name}${abstractNote(address)}`;
    case 'ENOENT':
      return `there is no socket file ${name}`;
    case 'EACCES':
    case 'EPERM':
      return `this user may not connect to ${name}`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host name in ${name} is not known`;
    case 'ENOTSOCK':
      return `${name} is not a socket`;
    default:
      return `${name} cannot be reached: ${code}`;
  }
}

function abstractNote(address: Address): string {
  if (address.kind !== 'abstract' || EXACT_ABSTRACT_NAMES) return '';
  return ` (Node ${process.versions.node} reaches abstract sockets of Node 20 only: use Node 22, or a path)`;
}

/** The far end of a connection, written as a server writes the addresses it bound. */
export function remoteAddress(socket: net.Socket, dialled: Address): string {
  if (dialled.kind !== 'tcp') return formatAddress(dialled);
  const { remoteAddress: host = '', remotePort: port = 0 } = socket;
  return formatAddress({ kind: 'tcp', host: host.replace(/^::ffff:(?=\d+\.)/, ''), port });
}
