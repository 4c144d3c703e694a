import { closeSync, openSync, readSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { endianness } from 'node:os';

/** The two ends of a TCP connection, as our side sees them. */
export interface TcpEnds {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localPort: number;
}

/** Bytes of the kernel's table that are read: some 1,700 connections, in two milliseconds. */
const MAX_TABLE = 256 * 1024;

/**
 * The user whose process holds the other end of a loopback connection, from the kernel's table of
 * connections (proc_pid_net(5)): the row whose local address is our peer's. Null when it is not
 * there, or too far down; unix sockets do not tell.
 */
export function peerUid(ends: TcpEnds): number | null {
  const address = ends.remoteAddress.replace(/^::ffff:(?=\d)/i, '');
  const file = isIPv4(address) ? '/proc/net/tcp' : '/proc/net/tcp6';
  return findUid(readTable(file), address, ends);
}

/** Finds the user in the text of such a table. */
export function findUid(table: string, address: string, ends: TcpEnds): number | null {
  const local = `${hexAddress(address)}:${hexPort(ends.remotePort)}`;
  for (const line of table.split('\n')) {
    const [, from, to, , , , , uid] = line.trim().split(/\s+/);
    if (from === local && to?.endsWith(`:${hexPort(ends.localPort)}`) === true) {
      return uid !== undefined && /^\d+$/.test(uid) ? Number(uid) : null;
    }
  }
  return null;
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

function readTable(file: string): string {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    // No /proc here: then nobody is known.
    return '';
  }
  try {
    const buffer = Buffer.alloc(MAX_TABLE);
    let length = 0;
    // The kernel hands the table out by pages.
    for (;;) {
      const read = readSync(fd, buffer, length, MAX_TABLE - length, null);
      if (read === 0) return buffer.toString('latin1', 0, length);
      length += read;
    }
  } catch {
    return '';
  } finally {
    closeSync(fd);
  }
}
