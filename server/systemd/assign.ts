import { isIPv6 } from 'node:net';
import path from 'node:path';
import { parseAddress } from '../../shared/address.js';
import type { Problem } from '../../shared/problem.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { InheritedSocket } from '../master/upgrade/heritage.js';
import { SOCKET_PROBLEMS } from '../problems/sockets.js';
import { type KernelSocket, shortIpv6 } from './kernel-sockets.js';
import { isNamed, type Passed, type PassedDescriptor, passedName } from './passed.js';

/** A passed socket that can be served on. */
export type PassedSocket = PassedDescriptor & KernelSocket;

/** An address that an option asks for. */
export interface WantedAddress {
  /** The option and its value, for errors. */
  readonly option: string;
  /** What a socket is claimed by. */
  readonly written: string;
  readonly address: string;
  /** Where an address without a host means the loopback addresses. */
  readonly isStats: boolean;
}

export interface Assignment {
  readonly sockets: readonly InheritedSocket[];
  readonly stats: readonly InheritedSocket[];
  /** What no option asks for. */
  readonly unwanted: readonly PassedSocket[];
}

/**
 * Gives each passed socket to the option that names it (`fd://NAME`, `fd://3`), or that asks for the
 * address it is bound to. Its file is never ours: the service manager's socket outlives this process.
 */
export function assignPassed(
  passed: readonly PassedSocket[],
  wanted: readonly WantedAddress[],
): Assignment {
  const pairs = passed.map((socket) => ({
    socket,
    taker: wanted.find((each) => names(each, socket)) ?? wanted.find((each) => isAt(each, socket)),
  }));
  const given = (isStats: boolean): InheritedSocket[] =>
    pairs.flatMap(({ socket: { fd, kind, name }, taker }) =>
      taker?.isStats === isStats ? [{ fd, kind, name, written: taker.written, file: null }] : [],
    );
  return {
    sockets: given(false),
    stats: given(true),
    unwanted: pairs.flatMap(({ socket, taker }) => (taker === undefined ? [socket] : [])),
  };
}

function names({ address }: WantedAddress, socket: PassedSocket): boolean {
  const name = passedName(address);
  return name !== null && isNamed(socket, name);
}

function isAt({ address, isStats }: WantedAddress, socket: PassedSocket): boolean {
  if (passedName(address) !== null) return false;
  const [wanted, bound] = [parseAddress(address), parseAddress(socket.name)];
  if (!wanted.ok || !bound.ok || wanted.value.kind !== bound.value.kind) return false;
  if (wanted.value.kind === 'tcp' && bound.value.kind === 'tcp') {
    const { host, port } = bound.value;
    return wanted.value.port === port && hostsOf(wanted.value.host, isStats).includes(host);
  }
  if (wanted.value.kind !== 'unix' || bound.value.kind !== 'unix') return address === socket.name;
  return path.resolve(wanted.value.path) === bound.value.path;
}

/** The addresses that a host as written may be bound to. */
function hostsOf(host: string, isStats: boolean): readonly string[] {
  if (isStats && (host === '' || host === 'localhost')) return ['127.0.0.1', '::1'];
  if (host === '') return ['::', '0.0.0.0'];
  if (host === 'localhost') return ['127.0.0.1'];
  return [isIPv6(host) && !host.includes('%') ? shortIpv6(host) : host];
}

/** Makes sure that every `fd://` has a socket; the error names the passed ones and the remedy. */
export function checkNamed(
  wanted: readonly WantedAddress[],
  left: readonly InheritedSocket[],
  passed: Omit<Passed, 'descriptors'> & { readonly sockets: readonly PassedSocket[] },
): Result<null, Problem> {
  const missing = wanted.find(
    ({ address, written }) =>
      passedName(address) !== null && !left.some((socket) => socket.written === written),
  );
  return missing === undefined ? ok(null) : err(missingText(missing, passed));
}

function missingText(
  { option, address }: WantedAddress,
  { sockets, problem }: Parameters<typeof checkNamed>[2],
): Problem {
  if (sockets.length === 0) {
    const why = problem ?? 'LISTEN_FDS is not set';
    return SOCKET_PROBLEMS.nonePassed(option, why);
  }
  const list = sockets.map((socket) => passedText(socket)).join(', ');
  return SOCKET_PROBLEMS.passedUnknown(option, address, list);
}

/** How an option names a passed descriptor: `fd://web`, or `fd://3` where it has no name. */
export function passedAddress({ fd, label }: PassedDescriptor): string {
  return `fd://${label === '' ? fd : label}`;
}

/** `fd://web (descriptor 3, 127.0.0.1:8000)`. */
export function passedText(socket: PassedSocket): string {
  return `${passedAddress(socket)} (descriptor ${socket.fd}, ${socket.name})`;
}
