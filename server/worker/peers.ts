import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Who is at the other end of a TCP connection, found out from outside: asking the socket takes the
 * main thread microseconds a connection, and a blocked main thread cannot be asked at all.
 */

/** Remote addresses by the inode of the connection, out of /proc/net/tcp or tcp6. */
export function parsePeers(table: string, wanted: ReadonlySet<string>): Map<string, string> {
  const peers = new Map<string, string>();
  for (const line of table.split('\n')) {
    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …
    const match =
      /^ *\d+: \S+ ([0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4} \S+ \S+ \S+ \S+ +\d+ +\d+ (\d+) /.exec(
        line,
      );
    const [, address, inode] = match ?? [];
    if (address === undefined || inode === undefined || !wanted.has(inode)) continue;
    peers.set(inode, formatPeer(address));
  }
  return peers;
}

/** An address as the kernel prints it: 32-bit words in host order, which is little-endian. */
function formatPeer(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  for (let word = 0; word < bytes.length; word += 4) bytes.subarray(word, word + 4).reverse();
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.subarray(0, 12).equals(MAPPED);
  if (isMapped) return `::ffff:${bytes.subarray(12).join('.')}`;
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16));
  // The URL parser knows the shortest form (RFC 5952).
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

const MAPPED = Buffer.from('00000000000000000000ffff', 'hex');

/**
 * The remote addresses of some of our own descriptors, in one reading of the tables; a descriptor
 * that is none of a TCP connection is left out. Reads thousands of rows in milliseconds: not for the
 * main thread.
 */
export function findPeers(fds: readonly number[]): Map<number, string> {
  const inodes = new Map<number, string>();
  for (const fd of fds) {
    const inode = /^socket:\[(\d+)\]$/.exec(readLink(`/proc/self/fd/${fd}`))?.[1];
    if (inode !== undefined) inodes.set(fd, inode);
  }
  const wanted = new Set(inodes.values());
  const found = new Map<number, string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const peers = parsePeers(readTable(table), wanted);
    for (const [fd, inode] of inodes) {
      const peer = peers.get(inode);
      if (peer !== undefined) found.set(fd, peer);
    }
  }
  return found;
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // Closed meanwhile, or there is no /proc.
  }
}

function readTable(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
