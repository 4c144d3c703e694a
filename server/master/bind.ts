import { existsSync, lstatSync, unlinkSync } from 'node:fs';
import net from 'node:net';
import { resolve } from 'node:path';
import { getSystemErrorName } from 'node:util';
import { formatAddress, parseAddress, type Address } from '../../shared/address.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';

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

function createHandle(address: string, port: number, type: number): Handle | number {
  const create: unknown = Reflect.get(net, '_createServerHandle');
  if (typeof create !== 'function') throw new Error(`this Node (${process.version}) cannot bind`);
  return (create as CreateHandle)(address, port, type);
}

/** Binds an address as `--http-socket` takes it. An empty host means all interfaces, as in uWSGI. */
export async function bindSocket(text: string): Promise<Result<BoundSocket, string>> {
  if (text.startsWith('fd://')) {
    return err(
      `cannot bind ${text}: another option has taken that passed socket, or none was passed`,
    );
  }
  const address = parseAddress(text);
  if (!address.ok) return err(address.error);
  switch (address.value.kind) {
    case 'tcp':
      return bindTcp(address.value, text);
    case 'unix':
      return bindUnix(address.value.path, text);
    case 'abstract':
      return err(`cannot bind ${text}: HTTP is not served on abstract sockets, use a path`);
  }
}

const IPV4 = 4;
const IPV6 = 6;
const UNIX = -1;

function bindTcp(
  address: Extract<Address, { kind: 'tcp' }>,
  written: string,
): Result<BoundSocket, string> {
  const { host, port } = address;
  if (host !== '') {
    const literal = host === 'localhost' ? '127.0.0.1' : host;
    if (net.isIP(literal) === 0) {
      return err(`cannot bind ${formatAddress(address)}: "${host}" is not an IP address`);
    }
    return bindLiteral(literal, port, written);
  }
  // As Node's own listen does: one dual-stack socket, IPv4 alone where there is no IPv6.
  const both = bindLiteral('::', port, written);
  return both.ok || !/EAFNOSUPPORT|EADDRNOTAVAIL|EINVAL/.test(both.error)
    ? both
    : bindLiteral('0.0.0.0', port, written);
}

function bindLiteral(host: string, port: number, written: string): Result<BoundSocket, string> {
  const wanted = formatAddress({ kind: 'tcp', host, port });
  const handle = createHandle(host, port, net.isIP(host) === 6 ? IPV6 : IPV4);
  if (typeof handle === 'number') return err(bindError(wanted, handle));
  // libuv reports "address in use" late: the handle then has a descriptor that is not bound, and a
  // worker would listen on a random public port.
  const bound: SocketName = {};
  const status = handle.getsockname?.(bound) ?? -1;
  const { address, family, port: actual } = bound;
  const isWanted = address === host && (port === 0 ? actual !== 0 : actual === port);
  if (status !== 0 || !isWanted || family === undefined || actual === undefined) {
    handle.close();
    return err(`cannot bind ${wanted}: the address is in use by another program`);
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

async function bindUnix(path: string, written: string): Promise<Result<BoundSocket, string>> {
  const stale = await clearStale(path);
  if (!stale.ok) return stale;
  const directory = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : './';
  if (!existsSync(directory)) return err(`cannot bind ${path}: there is no directory ${directory}`);
  const handle = createHandle(path, -1, UNIX);
  if (typeof handle === 'number') return err(bindError(path, handle));
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
async function clearStale(path: string): Promise<Result<null, string>> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return ok(null);
  if (!found.isSocket()) return err(`cannot bind ${path}: there is a file that is no socket`);
  if (await answers(path)) return err(`cannot bind ${path}: another program listens there`);
  try {
    unlinkSync(path);
    return ok(null);
  } catch (error) {
    return err(`cannot remove the stale socket ${path}: ${messageOf(error)}`);
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

const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'permission denied: ports below 1024 and foreign directories need privileges',
  EADDRINUSE: 'the address is in use by another program',
  EADDRNOTAVAIL: 'no interface of this machine has that address',
  EROFS: 'the file system there is read-only: choose a folder that can be written to',
};

function bindError(what: string, errno: number): string {
  const code = getSystemErrorName(errno);
  return `cannot bind ${what}: ${REMEDIES[code] ?? code}`;
}
