import { isIP } from 'node:net';
import { err, ok, type Result } from '../../shared/result.js';
import type { Problem } from '../../shared/problem.js';
import { TOGETHER_PROBLEMS } from './problems/together.js';
import { SYNTAX_PROBLEMS } from './problems/values.js';

/** Where inspectors listen: the first worker at `port`, each further one at the next. */
export interface InspectPlace {
  readonly host: string;
  readonly port: number;
}

const LOOPBACK = '127.0.0.1';
const MOST = 65_535;

/** Reads `PORT`, `HOST:PORT` or `[v6]:PORT`; the error is the end of a sentence. */
export function readInspect(text: string): Result<InspectPlace, Problem> {
  const [, bracketed, plain, digits = ''] =
    /^(?:\[([^\]]*)\]:|([^:[\]]*):)?(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? (plain === '' ? undefined : plain) ?? LOOPBACK;
  const port = Number(digits);
  if (digits === '' || port < 1024 || port > MOST) {
    return err(SYNTAX_PROBLEMS.inspectPort(text, MOST));
  }
  if (host !== 'localhost' && isIP(host) === 0) {
    return err(SYNTAX_PROBLEMS.inspectHost(text, host, LOOPBACK));
  }
  return ok({ host, port });
}

/** Why a text names no place for inspectors; null when it does. */
export function inspectProblem(text: string): Problem | null {
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
): Problem | null {
  if (inspect === undefined) return null;
  if (runsAsRoot) {
    return TOGETHER_PROBLEMS.inspectRoot(inspect);
  }
  const place = readInspect(inspect);
  if (!place.ok || place.value.port + processes - 1 <= MOST) return null;
  return TOGETHER_PROBLEMS.inspectPorts(inspect, processes, place.value.port + processes - 1, MOST);
}
