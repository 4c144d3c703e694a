import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { formatAddress } from '../../shared/address.js';

/** A socket that listens, as the kernel's tables have it. */
export interface KernelSocket {
  readonly kind: 'tcp' | 'unix';
  /** `127.0.0.1:8000`, `[::1]:8000`, a path, or `@name`. */
  readonly name: string;
}

/** The tables of the network that this process is in, as texts; empty where they cannot be read. */
export interface SocketTables {
  readonly tcp: string;
  readonly tcp6: string;
  readonly unix: string;
}

/**
 * Reads them. Node can ask a descriptor for its address only by taking it over; /proc/self is there
 * under `ProcSubset=pid` too.
 */
export function readSocketTables(): SocketTables {
  return { tcp: read('tcp'), tcp6: read('tcp6'), unix: read('unix') };
}

function read(table: string): string {
  try {
    return readFileSync(`/proc/self/net/${table}`, 'utf8');
  } catch {
    return '';
  }
}

/** Finds the socket of an inode among those that listen; null when it is none of them. */
export function findListening(
  { tcp, tcp6, unix }: SocketTables,
  inode: number,
  order: 'LE' | 'BE' = endianness(),
): KernelSocket | null {
  return findTcp(tcp, inode, order) ?? findTcp(tcp6, inode, order) ?? findUnix(unix, inode);
}

function findTcp(table: string, inode: number, order: 'LE' | 'BE'): KernelSocket | null {
  for (const line of table.split('\n')) {
    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …
    const row =
      /^ *\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ 0A \S+ \S+ \S+ +\d+ +\d+ (\d+) /.exec(
        line,
      );
    if (row === null || Number(row[3]) !== inode) continue;
    const [, address = '', port = ''] = row;
    const host = hostOf(address, order);
    return { kind: 'tcp', name: formatAddress({ kind: 'tcp', host, port: parseInt(port, 16) }) };
  }
  return null;
}

/** The kernel prints an address in words of 32 bits, each in the order of this machine. */
function hostOf(hex: string, order: 'LE' | 'BE'): string {
  const bytes = Buffer.from(hex, 'hex');
  if (order === 'LE') bytes.swap32();
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    bytes.readUInt16BE(index * 2).toString(16),
  );
  return shortIpv6(groups.join(':'));
}

/** The one short spelling of an IPv6 address, by which two can be compared. */
export function shortIpv6(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

const LISTENS = 0x10000;

function findUnix(table: string, inode: number): KernelSocket | null {
  for (const line of table.split('\n')) {
    // Num RefCount Protocol Flags Type St Inode Path; a path may hold blanks.
    const row = /^\S+ \S+ \S+ ([0-9A-F]{8}) 0001 \S+ +(\d+) (.+)$/.exec(line);
    if (row === null || Number(row[2]) !== inode) continue;
    const isListening = (parseInt(row[1] ?? '', 16) & LISTENS) !== 0;
    return isListening ? { kind: 'unix', name: row[3] ?? '' } : null;
  }
  return null;
}
