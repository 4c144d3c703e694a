import { fstatSync } from 'node:fs';
import { type Fields, integerIn, isFields, textUpTo, wordOf } from '../../../shared/fields.js';

/**
 * What a master leaves to the one that follows it: its listening descriptors, and what they are.
 */

/** A descriptor that the process was started with. */
export interface InheritedSocket {
  readonly fd: number;
  /** The address as it was written in the option that asked for it: how it is found again. */
  readonly written: string;
  /** As bound: `127.0.0.1:8000`, a path, or `@name`. */
  readonly name: string;
  readonly kind: 'tcp' | 'unix';
  /** The absolute path of its file; null where there is none. */
  readonly file: string | null;
}

export interface Heritage {
  /** Of `--http-socket` and `--http`: bound, listened on by workers and routers. */
  readonly sockets: readonly InheritedSocket[];
  /** Of `--stats`: listened on. */
  readonly stats: readonly InheritedSocket[];
}

/** The variable that names them; the new master deletes it before a worker can see it. */
export const HERITAGE_VARIABLE = 'TSUWSGI_UPGRADE';

/** The descriptor of the link to the old master; inherited sockets follow from the next on. */
export const MASTER_LINK_FD = 3;

const MAX_SOCKETS = 1000;
const MAX_TEXT = 4096;

/**
 * The descriptors to pass to a new master in this order from `MASTER_LINK_FD + 1` on, and the
 * variable that tells it of them.
 */
export function leave(heritage: Heritage): { descriptors: readonly number[]; variable: string } {
  const all = [...heritage.sockets, ...heritage.stats];
  const renumbered = (sockets: readonly InheritedSocket[]): InheritedSocket[] =>
    sockets.map((socket) => ({ ...socket, fd: MASTER_LINK_FD + 1 + all.indexOf(socket) }));
  const left = { sockets: renumbered(heritage.sockets), stats: renumbered(heritage.stats) };
  return { descriptors: all.map(({ fd }) => fd), variable: JSON.stringify(left) };
}

/**
 * Takes what an old master left out of the environment; null when there was none, so that this
 * master is the first. A descriptor that is no socket is passed over, and then bound anew.
 */
export function takeHeritage(
  env: NodeJS.ProcessEnv,
  isSocket: (fd: number) => boolean = isOpenSocket,
): Heritage | null {
  const text = env[HERITAGE_VARIABLE];
  if (text === undefined) return null;
  Reflect.deleteProperty(env, HERITAGE_VARIABLE);
  const value = parse(text);
  if (value === null) return null;
  const read = (list: unknown): InheritedSocket[] =>
    (Array.isArray(list) ? list.slice(0, MAX_SOCKETS) : [])
      .map(readSocket)
      .filter((socket) => socket !== null)
      .filter(({ fd }) => isSocket(fd));
  return { sockets: read(value['sockets']), stats: read(value['stats']) };
}

function parse(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function readSocket(value: unknown): InheritedSocket | null {
  if (!isFields(value)) return null;
  const fd = integerIn(value['fd'], MASTER_LINK_FD + 1, 1_000_000);
  const written = textUpTo(value['written'], MAX_TEXT);
  const name = textUpTo(value['name'], MAX_TEXT);
  const kind = wordOf(value['kind'], ['tcp', 'unix']);
  const file = value['file'] === null ? null : textUpTo(value['file'], MAX_TEXT);
  if (fd === undefined || written === undefined || name === undefined) return null;
  if (kind === undefined || file === undefined) return null;
  return { fd, written, name, kind, file };
}

function isOpenSocket(fd: number): boolean {
  try {
    return fstatSync(fd).isSocket();
  } catch {
    return false;
  }
}
