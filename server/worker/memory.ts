import { BUCKETS } from '../../shared/histogram.js';
import { REFUSAL_CODES, type RefusalCode } from '../wire/refusals.js';
import { INSIDE_FIELDS } from './inside.js';

/**
 * The memory that a worker's main thread writes and its monitor thread reads, so that the numbers
 * are true while the event loop is blocked. There is one writer, the main thread.
 */

/** Counters, each a 64-bit float: exact up to 2^53 and never torn on the machines Node runs on. */
export const FIELD = {
  requests: 0,
  exceptions: 1,
  aborted: 2,
  tx: 3,
  runningTime: 4,
  averageTime: 5,
  inFlight: 6,
  queued: 7,
  upgraded: 8,
  /** How many cores there are to show: the highest used so far, or `--async`. */
  cores: 9,
  /** When the loop last turned, in monotonic milliseconds. */
  heartbeat: 10,
  /** Requests in all other workers, written by the monitor thread for the request log. */
  others: 11,
  /** Bytes of the JavaScript heap in use. */
  heap: 12,
  /** Connections that wait to be accepted, written by the monitor thread for harakiri's threshold. */
  listenQueue: 13,
  /** The share of the last second that the loop was at work, 0 to 1. */
  loop: 14,
  /** Bytes that the JavaScript heap takes, and that it may take. */
  heapTotal: 15,
  heapLimit: 16,
  /** Milliseconds by which the beats of the last second came late: on average, and at most. */
  loopDelay: 17,
  loopDelayMax: 18,
  /** When the last recess from harakiri ended, and how long it was: see `Recess`. */
  recessEnd: 19,
  recessMs: 20,
} as const;

const FIELDS = 24;

/** Requests beyond this many in flight are counted, not named. */
export const MAX_CORES = 256;

/** Bytes of text kept of a request: long URIs are cut. */
export const TEXT = { method: 16, peer: 48, uri: 184 } as const;

const LENGTHS = 8;
const TEXT_BYTES = LENGTHS + TEXT.method + TEXT.peer + TEXT.uri;

interface Written {
  method: string;
  /** Undefined when it was cut. */
  url: string | undefined;
  peer: string;
}

function noText(): Written {
  return { method: '', url: '', peer: '' };
}

/**
 * Views on one block of shared memory; both threads build them from the same buffer. What is counted
 * comes first: that part is the tally (tally.ts).
 */
export interface Memory {
  readonly buffer: SharedArrayBuffer;
  readonly cores: number;
  readonly fields: Float64Array;
  readonly buckets: Float64Array;
  /** Requests that the gate refused, in the order of `REFUSAL_CODES`. */
  readonly refused: Float64Array;
  /** Per core: how many requests ended on it. */
  readonly served: Float64Array;
  /** Per core: when its request started, monotonic milliseconds; 0 when free. */
  readonly started: Float64Array;
  /** Per core: milliseconds that its request may take; 0 without a limit. */
  readonly limits: Float64Array;
  /** Per core: how many of those that ended on it were answered from a file; no part of the tally. */
  readonly statics: Float64Array;
  /** What only the main thread can find out of the memory of its process, see inside.ts. */
  readonly inside: Float64Array;
  /** Per core: odd while its text is being written (a sequence lock). */
  readonly sequence: Int32Array;
  /** Per core: the descriptor of the connection, -1 when it has none. */
  readonly fds: Int32Array;
  readonly text: Buffer;
  /** Per core, known to the writer only: what its text says already. */
  readonly written: readonly Written[];
  /** Per core, known to the reader only: what its text said, and at which place of its sequence. */
  readonly read: ReadText[];
}

interface ReadText {
  readonly sequence: number;
  readonly method: string;
  readonly peer: string;
  readonly uri: string;
}

/** Allocates the memory for `cores` requests in flight (1 to 256 are kept by name). */
export function allocateMemory(cores: number): Memory {
  const places = Math.min(cores, MAX_CORES);
  return viewMemory(new SharedArrayBuffer(textOffset(places) + places * TEXT_BYTES), places);
}

/** Lays the views over a buffer that `allocateMemory` made for as many cores. */
export function viewMemory(buffer: SharedArrayBuffer, cores: number): Memory {
  let offset = 0;
  const floats = (length: number): Float64Array => {
    const view = new Float64Array(buffer, offset, length);
    offset += length * 8;
    return view;
  };
  return {
    buffer,
    cores,
    fields: floats(FIELDS),
    buckets: floats(BUCKETS),
    refused: floats(REFUSAL_CODES.length),
    served: floats(cores),
    started: floats(cores),
    limits: floats(cores),
    statics: floats(cores),
    inside: floats(INSIDE_FIELDS),
    sequence: new Int32Array(buffer, offset, cores),
    fds: new Int32Array(buffer, offset + cores * 4, cores),
    text: Buffer.from(buffer, textOffset(cores), cores * TEXT_BYTES),
    written: Array.from({ length: cores }, noText),
    read: [],
  };
}

function textOffset(cores: number): number {
  const floats = FIELDS + BUCKETS + REFUSAL_CODES.length + 4 * cores + INSIDE_FIELDS;
  return floats * 8 + 2 * cores * 4;
}

/** Bytes at the beginning of the block that say all that was counted, of the cores that were used. */
export function tallyBytes({ fields }: Memory): number {
  return (FIELDS + BUCKETS + REFUSAL_CODES.length + (fields[FIELD.cores] ?? 0)) * 8;
}

/**
 * What a tally has room for, whatever is used. Less than a page, which the kernel writes as a whole
 * or not at all when the writer is killed.
 */
export const TALLY_BYTES = (FIELDS + BUCKETS + REFUSAL_CODES.length + MAX_CORES) * 8;

/** Counts a request that the gate refused. */
export function countRefusal({ refused }: Memory, code: RefusalCode): void {
  const index = REFUSAL_CODES.indexOf(code);
  refused[index] = (refused[index] ?? 0) + 1;
}

/** What a core is working on, as `http.IncomingMessage` has it. */
export interface Work {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

/** Writes what core `core` works on; the reader sees all of it or nothing. */
export function writeCore(memory: Memory, core: number, work: Work, peer: string): void {
  const { method = '', url = '' } = work;
  const known = memory.written[core];
  if (known === undefined) return;
  // Nothing is written that stands there already: of most requests that is two texts of three.
  if (known.method === method && known.url === url && known.peer === peer) return;
  const { text, sequence } = memory;
  const at = core * TEXT_BYTES;
  Atomics.add(sequence, core, 1);
  if (known.method !== method) {
    known.method = method;
    text[at] = put(text, method, at + LENGTHS, TEXT.method);
  }
  if (known.peer !== peer) {
    known.peer = peer;
    putPeer(text, core, peer);
  }
  if (known.url !== url) {
    // A long one is not held in memory just to be compared with.
    known.url = url.length <= TEXT.uri ? url : undefined;
    text[at + 2] = put(text, url, at + LENGTHS + TEXT.method + TEXT.peer, TEXT.uri);
  }
  Atomics.add(sequence, core, 1);
}

/** Adds the peer of what a core works on, when it became known later. */
export function writePeer(memory: Memory, core: number, peer: string): void {
  const { text, sequence, written } = memory;
  const known = written[core];
  if (known === undefined) return;
  Atomics.add(sequence, core, 1);
  putPeer(text, core, peer);
  Atomics.add(sequence, core, 1);
  known.peer = peer;
}

function putPeer(text: Buffer, core: number, peer: string): void {
  const at = core * TEXT_BYTES;
  text[at + 1] = put(text, peer, at + LENGTHS + TEXT.method, TEXT.peer);
}

/** What `readCore` gives. */
export interface CoreText {
  readonly method: string;
  readonly peer: string;
  readonly uri: string;
  /** Monotonic milliseconds. */
  readonly started: number;
}

/** Short strings are faster copied by hand than through the binding (measured: under 16). */
const SHORT = 16;

/** Copies at most `limit` characters as latin1 and returns how many. */
function put(target: Buffer, value: string, offset: number, limit: number): number {
  const length = value.length < limit ? value.length : limit;
  if (length >= SHORT) return target.write(value, offset, length, 'latin1');
  for (let i = 0; i < length; i++) target[offset + i] = value.charCodeAt(i);
  return length;
}

/** Reads a core; null when it is free, or when it changed while it was read. */
export function readCore(memory: Memory, core: number): CoreText | null {
  const { sequence } = memory;
  const before = Atomics.load(sequence, core);
  const started = memory.started[core] ?? 0;
  if (started === 0 || before % 2 === 1) return null;
  const known = memory.read[core];
  // Most cores work on the same thing again and again.
  const { method, peer, uri } = known?.sequence === before ? known : readText(memory, core, before);
  return Atomics.load(sequence, core) === before ? { method, peer, uri, started } : null;
}

function readText(memory: Memory, core: number, sequence: number): ReadText {
  const { text } = memory;
  const at = core * TEXT_BYTES;
  const get = (field: number, offset: number): string =>
    text.toString('latin1', at + LENGTHS + offset, at + LENGTHS + offset + (text[at + field] ?? 0));
  const read = {
    sequence,
    method: get(0, 0),
    peer: get(1, TEXT.method),
    uri: get(2, TEXT.method + TEXT.peer),
  };
  if (Atomics.load(memory.sequence, core) === sequence) memory.read[core] = read;
  return read;
}
