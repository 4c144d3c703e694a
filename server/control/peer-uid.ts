import { closeSync, openSync, readSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { endianness } from 'node:os';

/** The two ends of a TCP connection, as our side sees them. */
export interface TcpEnds {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
}

/** Finds the user at the other end; null where nobody tells. */
export type UserOf = (ends: TcpEnds) => number | null;

/**
 * Bytes of the kernel's table that are read at most, how often, and for how many milliseconds in all:
 * of CPU time, since on a busy machine others may have the processor for as long.
 */
const TABLE = { bytes: 8 * 1024 * 1024, looks: 4, ms: 20 } as const;

/**
 * The user whose process holds the other end of a loopback connection, from the kernel's table of
 * connections (proc_pid_net(5)): the row whose local address is our peer's. Null when it is not
 * there, or so far down that looking on would hold the master up; unix sockets do not tell.
 */
export function peerUid(ends: TcpEnds): number | null {
  const isV4 = isIPv4(plain(ends.remoteAddress));
  const file = isV4 ? '/proc/net/tcp' : '/proc/net/tcp6';
  const begin = process.cpuUsage();
  const isInTime = (): boolean => {
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1000 < TABLE.ms;
  };
  // The table is read page by page: a row may slip from one to another that was read already.
  for (let look = 0; look < TABLE.looks && isInTime(); look++) {
    const uid = findUid(readTable(file, isInTime), ends);
    if (uid !== null) return uid;
  }
  return null;
}

/** Finds the user in the text of such a table. */
export function findUid(table: string, ends: TcpEnds): number | null {
  const from = `${hexAddress(plain(ends.remoteAddress))}:${hexPort(ends.remotePort)}`;
  const to = `${hexAddress(plain(ends.localAddress))}:${hexPort(ends.localPort)}`;
  const at = table.indexOf(`: ${from} ${to} `);
  if (at === -1) return null;
  // Behind the addresses: state, queues, timer, retransmits, user.
  const uid = table
    .slice(at + 2, at + 300)
    .split('\n', 1)[0]
    ?.split(/ +/)[6];
  return uid !== undefined && /^\d+$/.test(uid) ? Number(uid) : null;
}

/** An IPv4 address that a dual-stack socket shows as one of IPv6. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d)/i, '');
}

function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

/** As the kernel writes it: words of four bytes in the order of the machine. Of v6 only ::1. */
function hexAddress(address: string): string {
  const bytes = isIPv4(address)
    ? address.split('.').map(Number)
    : [...Array<number>(15).fill(0), 1];
  const words: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const word = bytes.slice(at, at + 4);
    if (endianness() === 'LE') word.reverse();
    words.push(word.map((byte) => byte.toString(16).padStart(2, '0')).join(''));
  }
  return words.join('').toUpperCase();
}

/** The kernel hands the table out by pages, however much is asked for. */
const PAGE = 65_536;

function readTable(file: string, isInTime: () => boolean): string {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    // No /proc here: then nobody is known.
    return '';
  }
  try {
    const pages: Buffer[] = [];
    let length = 0;
    while (length < TABLE.bytes && isInTime()) {
      const page = Buffer.allocUnsafe(PAGE);
      const read = readSync(fd, page, 0, PAGE, null);
      if (read === 0) break;
      pages.push(page.subarray(0, read));
      length += read;
    }
    return Buffer.concat(pages, length).toString('latin1');
  } catch {
    // What was read so far is of no use without the rest of its row.
    return '';
  } finally {
    closeSync(fd);
  }
}
