import { isIP } from 'node:net';
import { err, ok, type Result } from '../../shared/result.js';

/** Where inspectors listen: the first worker at `port`, each further one at the next. */
export interface InspectPlace {
  readonly host: string;
  readonly port: number;
}

const LOOPBACK = '127.0.0.1';
const MOST = 65_535;

/** Reads `PORT`, `HOST:PORT` or `[v6]:PORT`; the error is the end of a sentence. */
export function readInspect(text: string): Result<InspectPlace, string> {
  const [, bracketed, plain, digits = ''] =
    /^(?:\[([^\]]*)\]:|([^:[\]]*):)?(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? (plain === '' ? undefined : plain) ?? LOOPBACK;
  const port = Number(digits);
  if (digits === '' || port < 1024 || port > MOST) {
    return err(`"${text}" is no port: write --inspect=PORT, 1024 to ${MOST}, or HOST:PORT`);
  }
  if (host !== 'localhost' && isIP(host) === 0) {
    return err(`"${text}": ${host} is no IP address: write one, or the port alone for ${LOOPBACK}`);
  }
  return ok({ host, port });
}

/** Why a text names no place for inspectors; null when it does. */
export function inspectProblem(text: string): string | null {
  const place = readInspect(text);
  return place.ok ? null : place.error;
}

/** Whether only this machine can connect to a host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/**
 * What forbids inspectors altogether; null when nothing does. Whoever reaches the port runs code as
 * the worker's user, which for root is every local user's way to become root.
 */
export function inspectRefusal(
  { inspect, processes }: { readonly inspect?: string | undefined; readonly processes: number },
  runsAsRoot: boolean,
): string | null {
  if (inspect === undefined) return null;
  if (runsAsRoot) {
    return `--inspect ${inspect} would let every user of this machine run code as root: give --uid USER, or leave it out`;
  }
  const place = readInspect(inspect);
  if (!place.ok || place.value.port + processes - 1 <= MOST) return null;
  return `--inspect ${inspect}: the ${processes} workers need ports up to ${place.value.port + processes - 1}, and ${MOST} is the last: give a lower one`;
}
