import type { UwsgiSocket } from '../../shared/stats.js';
import type { ServedSocket } from './bind.js';
import { readListenRows, readSomaxconn, readUnixQueue, socketInode } from './listen-queue.js';

const TABLES = [
  { file: '/proc/net/tcp', family: 'IPv4' },
  { file: '/proc/net/tcp6', family: 'IPv6' },
] as const;

function familyOf(socket: ServedSocket | undefined): string | undefined {
  return typeof socket?.address === 'object' ? socket.address.family : undefined;
}

/** Measures the accept queues of the sockets; called about once a second. */
export function createSocketStats(
  sockets: readonly ServedSocket[],
  backlog: number,
): () => UwsgiSocket[] {
  const inodes = sockets.map((socket) => socketInode(socket.fd));
  const limit = Math.min(backlog, readSomaxconn() ?? backlog);
  return () => {
    const tcp = TABLES.flatMap(({ file, family }) => {
      const wanted = inodes.filter((_, index) => familyOf(sockets[index]) === family);
      return wanted.length === 0 ? [] : readListenRows(file, wanted);
    });
    return sockets.map((socket, index) => ({
      name: socket.name,
      proto: socket.proto,
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
