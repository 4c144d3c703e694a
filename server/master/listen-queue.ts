import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

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

/** Parses one line of /proc/net/tcp or tcp6; null when it is no listening socket. */
export function parseTcpRow(line: string): ListenRow | null {
  // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …
  const columns = line.trim().split(/\s+/);
  const [, local, , state, queues] = columns;
  if (state !== LISTEN || local === undefined || queues === undefined) return null;
  return {
    port: parseInt(local.slice(local.lastIndexOf(':') + 1), 16),
    inode: Number(columns[9]),
    queue: parseInt(queues.split(':')[1] ?? '0', 16),
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

const CHUNK = 16 * 1024;

/**
 * Reads the listening rows of a table. They come first; reading on through thousands of
 * established connections would block the master for milliseconds.
 */
export function readListenRows(file: string): ListenRow[] {
  const rows: ListenRow[] = [];
  let fd;
  try {
    fd = openSync(file, 'r');
  } catch {
    return rows; // No /proc, or no IPv6.
  }
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    let rest = '';
    let isHeader = true;
    for (;;) {
      const length = readSync(fd, buffer, 0, CHUNK, null);
      const lines = (rest + buffer.toString('latin1', 0, length)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (isHeader) {
          isHeader = false;
          continue;
        }
        const row = parseTcpRow(line);
        if (row === null) return rows;
        rows.push(row);
      }
      if (length === 0) return rows;
    }
  } finally {
    closeSync(fd);
  }
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
