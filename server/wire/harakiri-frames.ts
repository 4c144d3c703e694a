import { numberIn, textUpTo, wordOf, type Fields } from '../../shared/fields.js';

/** A request took too long. */
export interface HarakiriFrame {
  readonly type: 'harakiri';
  /** `slow`: the loop turns, and the request was given up; `blocked`: the worker must be killed. */
  readonly face: 'slow' | 'blocked';
  /** -1 when the request had none. */
  readonly core: number;
  readonly method: string;
  readonly uri: string;
  readonly peer: string;
  /** Milliseconds. */
  readonly ageMs: number;
  /** Requests inside the application, this one included. */
  readonly inFlight: number;
  /** Requests that wait inside the worker. */
  readonly queued: number;
  /** What blocked, innermost function first. */
  readonly stack: readonly string[];
}

/** What the main thread is doing, for who asked with this id. */
export interface TracebackFrame {
  readonly type: 'traceback';
  readonly id: number;
  readonly kind: 'javascript' | 'native' | 'idle';
  /** Innermost function first; none unless it is JavaScript. */
  readonly stack: readonly string[];
}

const MAX_STACK = 50;
const MAX_LINE = 240;
const MAX_TEXT = 4096;

/** Reads a harakiri frame; null when it is none. */
export function decodeHarakiri(value: Fields): HarakiriFrame | null {
  const face = wordOf(value['face'], ['slow', 'blocked'] as const);
  const core = numberIn(value['core'], -1, Number.MAX_SAFE_INTEGER);
  const count = (field: string): number | undefined =>
    numberIn(value[field], 0, Number.MAX_SAFE_INTEGER);
  const ageMs = count('ageMs');
  const inFlight = count('inFlight');
  const queued = count('queued');
  const stack = readStack(value['stack']);
  if (face === undefined || core === undefined || stack === undefined) return null;
  if (ageMs === undefined || inFlight === undefined || queued === undefined) return null;
  const texts = readTexts(value);
  return texts === null
    ? null
    : { type: 'harakiri', face, core, ...texts, ageMs, inFlight, queued, stack };
}

function readTexts(value: Fields): Pick<HarakiriFrame, 'method' | 'uri' | 'peer'> | null {
  const method = textUpTo(value['method'], MAX_TEXT);
  const uri = textUpTo(value['uri'], MAX_TEXT);
  const peer = textUpTo(value['peer'], MAX_TEXT);
  if (method === undefined || uri === undefined || peer === undefined) return null;
  return { method, uri, peer };
}

/** Reads the answer to a traceback; null when it is none. */
export function decodeTraceback(value: Fields): TracebackFrame | null {
  const id = numberIn(value['id'], 0, Number.MAX_SAFE_INTEGER);
  const kind = wordOf(value['kind'], ['javascript', 'native', 'idle'] as const);
  const stack = readStack(value['stack']);
  if (id === undefined || kind === undefined || stack === undefined) return null;
  return { type: 'traceback', id, kind, stack };
}

function readStack(value: unknown): string[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_STACK) return undefined;
  const lines = value.map((line) => textUpTo(line, MAX_LINE));
  const known = lines.filter((line) => line !== undefined);
  return known.length === lines.length ? known : undefined;
}
