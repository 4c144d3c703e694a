/** Reads the kernel's tables of sockets: pure, so that every kind of row can be tried. */

/** The far end of a connection, as the kernel knows it. */
export type Peer =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'abstract'; readonly name: string };

/** A row of /proc/net/unix that listens. */
export interface UnixListener {
  readonly inode: string;
  /** As it was bound: absolute, relative to the folder of who bound it, or `@name`. */
  readonly path: string;
}

const LISTEN = '0A';
const ACCEPTS = 0x10000;

const ANY_V4 = '00000000';
const ANY_V6 = '0'.repeat(32);
const LOOPBACK_V6 = `${'0'.repeat(24)}01000000`;
const MAPPED = `${'0'.repeat(16)}FFFF0000`;

/** A loopback address as the tables write one, and every address of a listener that it may reach. */
function reachable(host: string): ReadonlySet<string> | null {
  const v4 = /^(?:::ffff:)?(127)\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/i.exec(host);
  if (v4 !== null) {
    // A word of four bytes, the last one first.
    const word = [v4[4], v4[3], v4[2], v4[1]]
      .map((byte) => Number(byte).toString(16).padStart(2, '0'))
      .join('')
      .toUpperCase();
    return new Set([word, ANY_V4, MAPPED + word, ANY_V6]);
  }
  return host === '::1' ? new Set([LOOPBACK_V6, ANY_V6]) : null;
}

/** Whether a TCP address is one that no other machine can answer at. */
export function isLoopback(host: string): boolean {
  return reachable(host) !== null;
}

/**
 * The inodes of all sockets that may have accepted a connection to a loopback address.
 * @param tables The text of /proc/net/tcp and /proc/net/tcp6.
 */
export function tcpListeners(
  tables: readonly string[],
  peer: { readonly host: string; readonly port: number },
): string[] {
  const hosts = reachable(peer.host);
  if (hosts === null) return [];
  const port = peer.port.toString(16).toUpperCase().padStart(4, '0');
  return tables.flatMap((table) =>
    table.split('\n').flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const [host = '', at] = local.split(':');
      return state === LISTEN && at === port && hosts.has(host) && isInode(inode) ? [inode] : [];
    }),
  );
}

/** The sockets of /proc/net/unix that listen under a name. */
export function unixListeners(table: string): UnixListener[] {
  return table.split('\n').flatMap((line) => {
    const row = /^\S+: \S+ \S+ ([0-9A-F]{8}) 0001 \S+\s+(\d+) (.+)$/.exec(line);
    const [, flags = '0', inode = '', path = ''] = row ?? [];
    const listens = (Number.parseInt(flags, 16) & ACCEPTS) !== 0;
    return row !== null && listens && isInode(inode) ? [{ inode, path }] : [];
  });
}

function isInode(text: string): boolean {
  return /^[1-9]\d*$/.test(text);
}
