import { closeSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { parseAddress } from '../../../shared/address.js';
import { type BoundSocket, removeSocketFile, inodeOf } from '../bind.js';
import type { InheritedSocket } from './heritage.js';

/** A socket that the old master bound, as if this one had. */
export function adoptSocket(inherited: InheritedSocket): BoundSocket {
  const { fd, name, kind, written, file } = inherited;
  const inode = file === null ? null : inodeOf(file);
  return {
    fd,
    name,
    kind,
    written,
    file,
    address: addressOf(name),
    close() {
      closeSync(fd);
      return file === null ? null : removeSocketFile(file, inode);
    },
  };
}

/** What `server.address()` answers for a bound name. */
function addressOf(name: string): BoundSocket['address'] {
  const parsed = parseAddress(name);
  if (!parsed.ok || parsed.value.kind !== 'tcp') return name;
  const { host, port } = parsed.value;
  return { address: host, family: isIPv6(host) ? 'IPv6' : 'IPv4', port };
}

/**
 * Takes those out of `left` that were bound for an address as it is written: several where one
 * option binds several. What is still in `left` at the end is wanted no more.
 */
export function claim(left: InheritedSocket[], written: string): InheritedSocket[] {
  const claimed = left.filter((socket) => socket.written === written);
  for (const socket of claimed) left.splice(left.indexOf(socket), 1);
  return claimed;
}

/**
 * Closes what is wanted no more: a socket that listens and is never accepted on would keep its
 * clients waiting for ever. The old master, which may go on, has descriptors of its own.
 */
export function discard(left: InheritedSocket[]): void {
  for (const { fd } of left.splice(0)) closeSync(fd);
}
