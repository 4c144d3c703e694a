import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import type { Place } from '../../server/worker/application/load.js';

/** A socket that is bound and does not listen yet, as a master holds it for its workers. */
export interface InheritedSocket {
  readonly place: Place;
  readonly close: () => void;
}

/** What `net._createServerHandle` returns: a handle of libuv. It has no public type. */
interface Handle {
  readonly fd: number;
  /** Of a TCP handle only. */
  getsockname?(out: Partial<AddressInfo>): number;
  close(): void;
}

/** Binds a free port of 127.0.0.1; its descriptor can be put into the `stdio` of a child. */
export function bindTcp(backlog = 64): InheritedSocket {
  const handle = createHandle('127.0.0.1', 0, 4);
  const { address = '', family = '', port = 0 }: Partial<AddressInfo> = nameOf(handle);
  return socket(handle, { fd: handle.fd, backlog, address: { address, family, port } });
}

/** Binds a unix socket at `path`, which `close` removes. */
export function bindUnix(path: string, backlog = 64): InheritedSocket {
  const handle = createHandle(path, -1, -1);
  const bound = socket(handle, { fd: handle.fd, backlog, address: path });
  return {
    ...bound,
    close: () => {
      bound.close();
      fs.rmSync(path, { force: true });
    },
  };
}

function socket(handle: Handle, place: Place): InheritedSocket {
  return {
    place,
    close: () => {
      handle.close();
    },
  };
}

function nameOf(handle: Handle): Partial<AddressInfo> {
  const name: Partial<AddressInfo> = {};
  const code = handle.getsockname?.(name);
  if (code !== 0) throw new Error(`getsockname failed: ${String(code)}`);
  return name;
}

function createHandle(address: string, port: number, type: number): Handle {
  const create: unknown = Reflect.get(net, '_createServerHandle');
  if (typeof create !== 'function') throw new Error('this Node has no net._createServerHandle');
  const made: unknown = Reflect.apply(create, net, [address, port, type]);
  if (!isHandle(made)) throw new Error(`cannot bind ${address}:${port}: ${String(made)}`);
  return made;
}

/** A failed bind returns a number. */
function isHandle(value: unknown): value is Handle {
  return typeof value === 'object' && value !== null && 'fd' in value;
}
