import { closeSync, openSync, readFileSync, readlinkSync, readSync } from 'node:fs';

/**
 * How many connections the kernel holds that no worker has accepted yet. uWSGI asks the socket and
 * cannot tell for unix sockets; /proc tells for both.
 */

/** A listening TCP row: local port and address as /proc writes them, and the accept queue. */
export interface ListenRow {
  readonly port: number;
  /** Inode of the socket, which tells two sockets on the same port apart. */
  readonly inode: number;
  readonly queue: number;
}

const LISTEN = '0A';

/**
 * Parses a line of /proc/net/tcp or tcp6, which may be cut off anywhere behind its inode; null when
 * it is no listening socket or too short to tell.
 */
export function parseTcpRow(line: string): ListenRow | null {
  // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …
  const match =
    /^ *\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) [0-9A-F]{8}:([0-9A-F]{8}) \S+ \S+ +\d+ +\d+ (\d+) /.exec(
      line,
    );
  if (match?.[2] !== LISTEN) return null;
  return {
    port: parseInt(match[1] ?? '', 16),
    inode: Number(match[4]),
    queue: parseInt(match[3] ?? '', 16),
  };
}

/** Connections to a unix socket that wait: rows of its path without an inode of their own. */
export function countUnixQueue(text: string, path: string): number {
  let queued = 0;
  for (const line of text.split('\n')) {
    // Num RefCount Protocol Flags Type St Inode Path; a path may hold blanks.
    const match = /^\S+ \S+ \S+ \S+ \S+ \S+ +(\d+) (.*)$/.exec(line);
    if (match?.[1] === '0' && match[2] === path) queued++;
  }
  return queued;
}

/**
 * How much is asked for at a time. The kernel makes as many rows as fit into what is asked for, and
 * behind the last listening one it walks a table of 65,536 hash buckets: 7 ms that would block the
 * master every second. The inode of a row is followed by more than this many bytes.
 */
const PIECE = 48;

/**
 * Reads the listening rows of a table, which come first, until all `wanted` inodes were seen; what
 * comes after them is not read. Without /proc, or without IPv6, there are none.
 */
export function readListenRows(file: string, wanted: readonly number[]): ListenRow[] {
  const fd = openTable(file);
  if (fd === null) return [];
  try {
    return collectRows(fd, new Set(wanted));
  } finally {
    closeSync(fd);
  }
}

function openTable(file: string): number | null {
  try {
    return openSync(file, 'r');
  } catch {
    return null;
  }
}

function collectRows(fd: number, missing: Set<number>): ListenRow[] {
  const rows: ListenRow[] = [];
  const piece = Buffer.allocUnsafe(PIECE);
  let line = '';
  let isHeader = true;
  while (missing.size > 0) {
    const length = readSync(fd, piece, 0, PIECE, null);
    if (length === 0) break;
    line += piece.toString('latin1', 0, length);
    const end = line.indexOf('\n');
    const row = isHeader ? null : parseTcpRow(line);
    if (row !== null && missing.delete(row.inode)) rows.push(row);
    if (end < 0) continue;
    if (!isHeader && row === null) break;
    isHeader = false;
    line = line.slice(end + 1);
  }
  return rows;
}

/** The accept queue of the unix socket at `path`; null where /proc does not tell. */
export function readUnixQueue(path: string): number | null {
  try {
    return countUnixQueue(readFileSync('/proc/net/unix', 'utf8'), path);
  } catch {
    return null;
  }
}

/** The kernel's limit for any backlog; null where it does not say. */
export function readSomaxconn(): number | null {
  try {
    const limit = Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'));
    return Number.isInteger(limit) ? limit : null;
  } catch {
    return null;
  }
}

/** The inode behind one of our own descriptors: `/proc/self/fd/N` links to `socket:[INODE]`; NaN where there is no /proc. */
export function socketInode(fd: number): number {
  try {
    return Number(/\[(\d+)\]/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? NaN);
  } catch {
    return NaN;
  }
}
