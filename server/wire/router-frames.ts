import { type Fields, isFields } from '../../shared/fields.js';
import { type Credentials, readCredentialsFrame } from './credentials.js';
import { decodeStderr, type StderrFrame } from './frames.js';
import { isCount } from './sample-frames.js';

/**
 * The frames between a router process and the master: one JSON object a line, both ways, over a
 * socket pair that the router inherits as descriptor 3 (`LINK_FD`), as a worker does.
 */

/** A worker that a router may ask. */
export interface BackendFrame {
  /** The id of the worker. */
  readonly id: number;
  /** Of its process that accepts: nothing new is sent to the one before it on the same path. */
  readonly pid: number;
  /** The unix socket. */
  readonly path: string;
}

/** What the master tells a router. */
export type RouterOrder =
  /** Who can be asked from now on. */
  | { readonly type: 'backends'; readonly backends: readonly BackendFrame[] }
  /** What is shown from now on at the socket with this index. */
  | ({ readonly type: 'credentials'; readonly socket: number } & Credentials)
  /** Accept no more, finish what is in flight, then exit. */
  | { readonly type: 'drain' }
  | { readonly type: 'exit' }
  /** Accept nothing until told to go on. */
  | { readonly type: 'pause' }
  | { readonly type: 'resume' };

/** What one router process has counted of a foreign back end, and how it takes it to be. */
export interface ForeignFigures {
  readonly address: string;
  readonly in_flight: number;
  readonly requests: number;
  readonly errors: number;
  readonly state: 'up' | 'down' | 'trying';
}

/** What one router process has counted since it started, and has to do now. */
export interface RouterFiguresFrame {
  /** Requests that ended. */
  readonly requests: number;
  readonly in_flight: number;
  /** Requests that wait for a worker. */
  readonly queued: number;
  /** The most that have waited at once. */
  readonly queue_max: number;
  /** Answered 4xx without a worker, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Answered by the router itself, by status. */
  readonly answered_by_router: Readonly<Record<string, number>>;
  /** Requests that were given to a second worker. */
  readonly retries: number;
  /** Requests whose client left before the answer was complete. */
  readonly aborted: number;
  /** Bytes from and to clients. */
  readonly rx: number;
  readonly tx: number;
  /** Tunnels that are open now. */
  readonly upgraded: number;
  /** Connections of clients that are open now. */
  readonly connections: number;
  /** Answered from files, without a worker. */
  readonly static_requests: number;
  /** Those of `--http-to`. */
  readonly backends: readonly ForeignFigures[];
}

/** What a router tells the master. */
export type RouterFrame =
  /** It accepts connections. */
  | { readonly type: 'ready' }
  | { readonly type: 'figures'; readonly figures: RouterFiguresFrame }
  /** A sign of life: nothing has changed. */
  | { readonly type: 'same' }
  /** It asks to be replaced; `why` ends the sentence "the router …". */
  | { readonly type: 'leaves'; readonly why: string }
  /** It drains, and has nothing left but tunnels, which end when a worker or a client ends them. */
  | { readonly type: 'lingers' }
  | StderrFrame;

const COUNTS = [
  ...['requests', 'in_flight', 'queued', 'queue_max', 'retries', 'aborted', 'rx', 'tx'],
  ...['upgraded', 'connections', 'static_requests'],
] as const;

/** A router tells no more reasons than there are; a wild one is cut off here. */
const MAX_REASONS = 64;
const MAX_BACKENDS = 4096;
const MAX_WHY = 200;

/** Writes a frame as a line. */
export function encodeRouterFrame(frame: RouterFrame | RouterOrder): string {
  return `${JSON.stringify(frame)}\n`;
}

/** Reads a line of a router's; null when it is not one. */
export function decodeRouterFrame(line: string): RouterFrame | null {
  const value = parse(line);
  switch (value?.['type']) {
    case 'ready':
    case 'same':
    case 'lingers':
      return { type: value['type'] };
    case 'leaves': {
      const { why } = value;
      return typeof why === 'string' ? { type: 'leaves', why: why.slice(0, MAX_WHY) } : null;
    }
    case 'figures': {
      const figures = readFigures(value['figures']);
      return figures === null ? null : { type: 'figures', figures };
    }
    case 'stderr':
      return decodeStderr(value);
    default:
      return null;
  }
}

/** Reads a line of the master's; null when it is not one. */
export function decodeRouterOrder(line: string): RouterOrder | null {
  const value = parse(line);
  switch (value?.['type']) {
    case 'drain':
    case 'exit':
    case 'pause':
    case 'resume':
      return { type: value['type'] };
    case 'backends': {
      const { backends } = value;
      if (!Array.isArray(backends) || backends.length > MAX_BACKENDS) return null;
      return { type: 'backends', backends: backends.filter(isBackend) };
    }
    case 'credentials': {
      const { socket } = value;
      const credentials = readCredentialsFrame(value);
      if (credentials === null || !isCount(socket)) return null;
      return { type: 'credentials', socket, ...credentials };
    }
    default:
      return null;
  }
}

function isBackend(value: unknown): value is BackendFrame {
  return (
    isFields(value) &&
    isCount(value['id']) &&
    isCount(value['pid']) &&
    typeof value['path'] === 'string'
  );
}

function readFigures(value: unknown): RouterFiguresFrame | null {
  if (!isFields(value) || !COUNTS.every((name) => isCount(value[name]))) return null;
  const { refused, answered_by_router: answered } = value;
  if (!isCountsByName(refused) || !isCountsByName(answered)) return null;
  const { backends } = value;
  if (!Array.isArray(backends) || backends.length > MAX_BACKENDS) return null;
  const count = (name: string): number => Number(value[name]);
  return {
    ...{ requests: count('requests'), in_flight: count('in_flight'), queued: count('queued') },
    ...{ queue_max: count('queue_max'), refused, answered_by_router: answered },
    ...{ retries: count('retries'), aborted: count('aborted') },
    ...{ rx: count('rx'), tx: count('tx'), upgraded: count('upgraded') },
    ...{ connections: count('connections'), static_requests: count('static_requests') },
    backends: backends.filter(isForeignFigures),
  };
}

function isForeignFigures(value: unknown): value is ForeignFigures {
  if (!isFields(value) || typeof value['address'] !== 'string') return false;
  const areCounts = ['in_flight', 'requests', 'errors'].every((name) => isCount(value[name]));
  return areCounts && ['up', 'down', 'trying'].includes(String(value['state']));
}

function isCountsByName(value: unknown): value is Record<string, number> {
  if (!isFields(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= MAX_REASONS && entries.every(([, count]) => isCount(count));
}

function parse(line: string): Fields | null {
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}
