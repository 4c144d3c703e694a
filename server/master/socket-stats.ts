import { readlinkSync } from 'node:fs';
import type { UwsgiSocket } from '../../shared/stats.js';
import type { BoundSocket } from './bind.js';
import { readListenRows, readSomaxconn, readUnixQueue } from './listen-queue.js';

const TABLES = [
  { file: '/proc/net/tcp', family: 'IPv4' },
  { file: '/proc/net/tcp6', family: 'IPv6' },
] as const;

function familyOf(socket: BoundSocket | undefined): string | undefined {
  return typeof socket?.address === 'object' ? socket.address.family : undefined;
}

/** Measures the accept queues of the sockets; called about once a second. */
export function createSocketStats(
  sockets: readonly BoundSocket[],
  backlog: number,
): () => UwsgiSocket[] {
  const inodes = sockets.map((socket) => inodeOf(socket.fd));
  const limit = Math.min(backlog, readSomaxconn() ?? backlog);
  return () => {
    const tcp = TABLES.flatMap(({ file, family }) => {
      const wanted = inodes.filter((_, index) => familyOf(sockets[index]) === family);
      return wanted.length === 0 ? [] : readListenRows(file, wanted);
    });
    return sockets.map((socket, index) => ({
      name: socket.name,
      proto: 'http',
      queue:
        socket.kind === 'unix'
          ? (readUnixQueue(socket.name) ?? 0)
          : (tcp.find(({ inode }) => inode === inodes[index])?.queue ?? 0),
      max_queue: limit,
      shared: 0,
      can_offload: 0,
    }));
  };
}

/** The inode behind one of our own descriptors: `/proc/self/fd/N` links to `socket:[INODE]`. */
function inodeOf(fd: number): number {
  try {
    return Number(/\[(\d+)\]/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? NaN);
  } catch {
    return NaN; // No /proc: the queue stays unknown and is shown as 0, as uWSGI does.
  }
}
