import { isFields } from '../../shared/fields.js';
import { decodeHarakiri, decodeTraceback } from './harakiri-frames.js';
import type { HarakiriFrame, TracebackFrame } from './harakiri-frames.js';
import { decodeProfile, decodeProfileOrder, decodeProfileProgress } from './profile-frames.js';
import type { ProfileFrame, ProfileOrder, ProfileProgressFrame } from './profile-frames.js';
import { decodeSample, isCount, type Sample } from './sample-frames.js';

/**
 * The frames between a worker's monitor thread and the master: one JSON object a line, both ways,
 * over a socket pair that the worker inherits as descriptor 3.
 */

/** The descriptor of the socket pair in a worker; listening sockets follow from 4 on. */
export const LINK_FD = 3;

/** The worker accepts connections. `app` is false when it only answers 500. */
export interface ReadyFrame {
  readonly type: 'ready';
  readonly app: boolean;
  readonly loadedInMs: number;
}

/** The worker cannot be trusted any more (an exception outside a request) and asks to be replaced. */
export interface FaultFrame {
  readonly type: 'fault';
}

/** A sign of life: nothing has changed since the last sample. */
export interface SameFrame {
  readonly type: 'same';
}

/** The worker got a signal that was sent to it alone, and does what it asks. */
export interface SignalFrame {
  readonly type: 'signal';
  readonly signal: (typeof WORKER_SIGNALS)[number];
}

/** Signals to a worker that its master has to know of. */
const WORKER_SIGNALS = ['SIGHUP', 'SIGTERM', 'SIGINT'] as const;

/** The last lines that the application wrote to stderr; sent again when there are others. */
export interface StderrFrame {
  readonly type: 'stderr';
  readonly lines: readonly string[];
}

export type WorkerFrame =
  | Sample
  | ReadyFrame
  | FaultFrame
  | SignalFrame
  | SameFrame
  | HarakiriFrame
  | TracebackFrame
  | ProfileFrame
  | ProfileProgressFrame
  | StderrFrame
  | FilesFrame;

/** Files that the application was loaded from, as absolute paths: under --auto-reload. */
export interface FilesFrame {
  readonly type: 'files';
  readonly files: readonly string[];
}

export type MasterFrame =
  /** Finish what is in flight, then exit. */
  | { readonly type: 'drain' }
  /** Exit at once. */
  | { readonly type: 'exit' }
  /** Requests counted in all other workers, for the request log's total. */
  | { readonly type: 'others'; readonly requests: number }
  /** Connections that wait to be accepted, for `--harakiri-queue-threshold`. */
  | { readonly type: 'listen-queue'; readonly length: number }
  /** Say what the main thread is doing; the answer carries the same id. */
  | { readonly type: 'traceback'; readonly id: number }
  | ProfileOrder
  /** Accept nothing until told to go on. */
  | { readonly type: 'pause' }
  | { readonly type: 'resume' };

/** Larger than any frame that a worker sends: 256 flights of at most 300 bytes, and the counters. */
export const MAX_FRAME = 256 * 1024;

/** Writes a frame as a line. */
export function encodeFrame(frame: WorkerFrame | MasterFrame): string {
  return JSON.stringify(frame) + '\n';
}

export interface Splitter {
  /** Takes the next piece, calls `onLine` for each complete line. */
  push(chunk: string): void;
}

/**
 * Cuts a stream into lines, however it was chunked. A line over `MAX_FRAME` is dropped whole: the
 * peer is our own code, but an application in the same process could write to the descriptor.
 */
export function lineSplitter(onLine: (line: string) => void): Splitter {
  let rest = '';
  let skipping = false;
  return {
    push(chunk) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (!skipping && line !== '' && line.length <= MAX_FRAME) onLine(line);
        skipping = false;
      }
      if (rest.length > MAX_FRAME) {
        rest = '';
        skipping = true;
      }
    },
  };
}

/** The frames of the master that say all with their type. */
const ORDERS = ['drain', 'exit', 'pause', 'resume'] as const;

/** Reads a line of the master's; null when it is not one. */
export function decodeMasterFrame(line: string): MasterFrame | null {
  const value = parse(line);
  if (value === null) return null;
  const order = ORDERS.find((type) => type === value['type']);
  if (order !== undefined) return { type: order };
  if (value['type'] === 'others' && isCount(value['requests'])) {
    return { type: 'others', requests: value['requests'] };
  }
  if (value['type'] === 'listen-queue' && isCount(value['length'])) {
    return { type: 'listen-queue', length: value['length'] };
  }
  if (value['type'] === 'traceback' && isCount(value['id'])) {
    return { type: 'traceback', id: value['id'] };
  }
  if (value['type'] === 'profile') return decodeProfileOrder(value);
  return null;
}

const SAMPLE_START = '{"type":"sample",';

/** Whether a line of a worker's is meant as a sample, told without reading it. */
export function isSampleLine(line: string): boolean {
  return line.startsWith(SAMPLE_START);
}

/** Reads such a line; null when it is no sample. */
export function decodeSampleLine(line: string): Sample | null {
  const frame = decodeWorkerFrame(line);
  return frame?.type === 'sample' ? frame : null;
}

/** Reads a line of a worker's; null when it is not one, so that a wild write cannot harm the master. */
export function decodeWorkerFrame(line: string): WorkerFrame | null {
  const value = parse(line);
  if (value === null) return null;
  const type = value['type'];
  const decode = typeof type === 'string' && Object.hasOwn(DECODERS, type) ? DECODERS[type] : null;
  return decode?.(value) ?? null;
}

/** How each frame of a worker's is read, by its type. */
const DECODERS: Readonly<Record<string, (value: Record<string, unknown>) => WorkerFrame | null>> = {
  fault: () => ({ type: 'fault' }),
  same: () => ({ type: 'same' }),
  ready: ({ app, loadedInMs }) =>
    isCount(loadedInMs) && typeof app === 'boolean' ? { type: 'ready', app, loadedInMs } : null,
  files: ({ files }) => (isTexts(files) ? { type: 'files', files } : null),
  sample: (value) => decodeSample(value),
  signal: ({ signal }) => decodeSignal(signal),
  harakiri: decodeHarakiri,
  traceback: decodeTraceback,
  profile: decodeProfile,
  'profile-progress': decodeProfileProgress,
  stderr: (value) => decodeStderr(value),
};

function decodeSignal(value: unknown): SignalFrame | null {
  const signal = WORKER_SIGNALS.find((name) => name === value);
  return signal === undefined ? null : { type: 'signal', signal };
}

/** Lines and characters that are kept of what an application wrote to stderr. */
export const STDERR_KEPT = { lines: 20, characters: 4096 } as const;

/** Reads what was kept of stderr; null when it is more than is kept. */
export function decodeStderr({ lines }: Record<string, unknown>): StderrFrame | null {
  if (!Array.isArray(lines) || lines.length > STDERR_KEPT.lines) return null;
  const texts = lines.filter((line): line is string => typeof line === 'string');
  const length = texts.reduce((sum, line) => sum + line.length, 0);
  if (texts.length < lines.length || length > STDERR_KEPT.characters) return null;
  return { type: 'stderr', lines: texts };
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}
