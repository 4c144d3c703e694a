import { existsSync, lstatSync, unlinkSync } from 'node:fs';
import net from 'node:net';
import { resolve } from 'node:path';
import { getSystemErrorName } from 'node:util';
import { formatAddress, parseAddress, type Address } from '../../shared/address.js';
import { type Problem, within } from '../../shared/problem.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import { bindProblem } from '../problems/bind-problem.js';
import { SOCKET_PROBLEMS } from '../problems/sockets.js';

/**
 * Sockets that are bound and not listened on: the master holds them for its whole life and never
 * accepts; its workers listen on the inherited descriptor. Node has no public way to bind without
 * listening, so this file alone uses its internal one (there on Node 20 to 26).
 */

export interface BoundSocket {
  readonly fd: number;
  /** As uWSGI names it in stats and log: `127.0.0.1:8000`, or a path. */
  readonly name: string;
  readonly kind: 'tcp' | 'unix';
  /** What `server.address()` shall answer in the workers. */
  readonly address: { address: string; family: string; port: number } | string;
  /** The address as it was asked for: a master that follows this one finds it by that. */
  readonly written: string;
  /** The absolute path of a unix socket's file; null for TCP. */
  readonly file: string | null;
  /** Closes the descriptor and removes a unix socket's file; says in a sentence if it cannot. */
  close(): string | null;
}

/** A socket that workers or routers accept on. */
export interface ServedSocket extends BoundSocket {
  /** What is spoken there: `http` on an --http-socket or --http, `uwsgi` on a --socket. */
  readonly proto: 'http' | 'https' | 'uwsgi';
  /** Whether routers accept there, of an --http or --https. */
  readonly isRouted: boolean;
}

/** The parts of libuv's TCP and pipe handles that are used here. */
interface Handle {
  readonly fd: number;
  close(): void;
  getsockname?(into: SocketName): number;
}

interface SocketName {
  address?: string;
  family?: string;
  port?: number;
}

type CreateHandle = (address: string, port: number, type: number) => Handle | number;

/** What is not bound: with the code of the system's error, where that is why. */
interface Unbound {
  readonly code: string | null;
  readonly problem: Problem;
}

function createHandle(
  about: string,
  ...where: readonly [address: string, port: number, type: number]
): Result<Handle, Unbound> {
  const create: unknown = Reflect.get(net, '_createServerHandle');
  if (typeof create !== 'function') {
    return err({ code: null, problem: SOCKET_PROBLEMS.nodeTooNew(about, process.version) });
  }
  const handle = (create as CreateHandle)(...where);
  if (typeof handle !== 'number') return ok(handle);
  const code = getSystemErrorName(handle);
  return err({ code, problem: bindProblem(about, code, code) });
}

/** Binds an address as `--http-socket` takes it. An empty host means all interfaces, as in uWSGI. */
export async function bindSocket(text: string): Promise<Result<BoundSocket, Problem>> {
  const about = `cannot bind ${text}`;
  if (text.startsWith('fd://')) return err(SOCKET_PROBLEMS.passedTaken(about));
  const address = parseAddress(text);
  if (!address.ok) return err(within('cannot bind', address.error, ' '));
  switch (address.value.kind) {
    case 'tcp':
      return bindTcp(address.value, text);
    case 'unix':
      return bindUnix(address.value.path, text);
    case 'abstract':
      return err(SOCKET_PROBLEMS.abstractUnserved(about));
  }
}

const IPV4 = 4;
const IPV6 = 6;
const UNIX = -1;

function bindTcp(
  address: Extract<Address, { kind: 'tcp' }>,
  written: string,
): Result<BoundSocket, Problem> {
  const { host, port } = address;
  if (host !== '') {
    const literal = host === 'localhost' ? '127.0.0.1' : host;
    if (net.isIP(literal) === 0) {
      return err(SOCKET_PROBLEMS.notAnAddress(`cannot bind ${formatAddress(address)}`, host));
    }
    return orProblem(bindLiteral(literal, port, written));
  }
  // As Node's own listen does: one dual-stack socket, IPv4 alone where there is no IPv6.
  const both = bindLiteral('::', port, written);
  return orProblem(
    both.ok || !NO_IPV6.has(both.error.code) ? both : bindLiteral('0.0.0.0', port, written),
  );
}

/** What the system says of `::` where there is no IPv6. */
const NO_IPV6: ReadonlySet<string | null> = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL']);

function orProblem<T>(bound: Result<T, Unbound>): Result<T, Problem> {
  return bound.ok ? bound : err(bound.error.problem);
}

function bindLiteral(host: string, port: number, written: string): Result<BoundSocket, Unbound> {
  const about = `cannot bind ${formatAddress({ kind: 'tcp', host, port })}`;
  const created = createHandle(about, host, port, net.isIP(host) === 6 ? IPV6 : IPV4);
  if (!created.ok) return created;
  const handle = created.value;
  // libuv reports "address in use" late: the handle then has a descriptor that is not bound, and a
  // worker would listen on a random public port.
  const bound: SocketName = {};
  const status = handle.getsockname?.(bound) ?? -1;
  const { address, family, port: actual } = bound;
  const isWanted = address === host && (port === 0 ? actual !== 0 : actual === port);
  if (status !== 0 || !isWanted || family === undefined || actual === undefined) {
    handle.close();
    return err({ code: 'EADDRINUSE', problem: SOCKET_PROBLEMS.inUse(about) });
  }
  return ok({
    fd: handle.fd,
    kind: 'tcp',
    name: formatAddress({ kind: 'tcp', host: address, port: actual }),
    address: { address, family, port: actual },
    written,
    file: null,
    close() {
      handle.close();
      return null;
    },
  });
}

async function bindUnix(path: string, written: string): Promise<Result<BoundSocket, Problem>> {
  const about = `cannot bind ${path}`;
  const stale = await clearStale(path, about);
  if (!stale.ok) return stale;
  const directory = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : './';
  if (!existsSync(directory)) return err(SOCKET_PROBLEMS.folderMissing(about, directory));
  const created = createHandle(about, path, -1, UNIX);
  if (!created.ok) return err(created.error.problem);
  const handle = created.value;
  const file = resolve(path);
  const inode = inodeOf(file);
  return ok({
    fd: handle.fd,
    kind: 'unix',
    name: path,
    address: path,
    written,
    file,
    close() {
      handle.close();
      return removeSocketFile(file, inode);
    },
  });
}

/** Tells a file from one that took its place; null when there is none, or none to be seen. */
export function inodeOf(file: string): number | null {
  try {
    return lstatSync(file).ino;
  } catch {
    return null;
  }
}

/**
 * Removes a socket's file unless somebody else has put another one there. The error is a sentence:
 * after `--uid` the folder may belong to another user.
 */
export function removeSocketFile(file: string, inode: number | null): string | null {
  if (inode === null || inodeOf(file) !== inode) return null;
  try {
    unlinkSync(file);
    return null;
  } catch (error) {
    return `the socket ${file} cannot be removed: ${messageOf(error)}`;
  }
}

/** Removes the socket of a master that is gone; anything else at the path stays, as an error. */
export async function clearStale(
  path: string,
  about: string,
  remove: (path: string) => void = unlinkSync,
): Promise<Result<null, Problem>> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return ok(null);
  if (!found.isSocket()) return err(SOCKET_PROBLEMS.notASocket(about));
  if (await answers(path)) return err(SOCKET_PROBLEMS.listensThere(about));
  try {
    remove(path);
    return ok(null);
  } catch (error) {
    return err(SOCKET_PROBLEMS.staleStays(about, messageOf(error)));
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((settle) => {
    const probe = net.connect(path);
    probe.once('connect', () => {
      probe.destroy();
      settle(true);
    });
    probe.once('error', (error: NodeJS.ErrnoException) => {
      settle(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT');
    });
  });
}
