import { readFileSync } from 'node:fs';

/**
 * How many connections the kernel has dropped because the accept queue of a listening TCP socket
 * was full: `ListenOverflows` in /proc/net/netstat. It is counted for all sockets of a network
 * namespace together, never for one. Null when the text does not tell.
 */
export function parseListenOverflows(netstat: string): number | null {
  const lines = netstat.split('\n').filter((line) => line.startsWith('TcpExt: '));
  const [names = [], values = []] = lines.map((line) => line.split(' '));
  const value = values[names.indexOf('ListenOverflows')];
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : null;
}

/** Tells how many came since it was made; 0 where there is no /proc. */
export function countListenOverflows(): () => number {
  const before = read();
  return () => (before === null ? 0 : Math.max(0, (read() ?? before) - before));
}

function read(): number | null {
  try {
    return parseListenOverflows(readFileSync('/proc/net/netstat', 'utf8'));
  } catch {
    return null;
  }
}
