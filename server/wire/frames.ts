/**
 * The frames between a worker's monitor thread and the master: one JSON object a line, both ways,
 * over a socket pair that the worker inherits as descriptor 3.
 */

/** The descriptor of the socket pair in a worker; listening sockets follow from 4 on. */
export const LINK_FD = 3;

/** A request in flight, as the master hears of it. */
export interface FlightSample {
  /** The place it occupies, from 0: `cores[].id`. */
  readonly core: number;
  /** Seconds since 1970, whole as in uWSGI. */
  readonly started: number;
  readonly method: string;
  readonly uri: string;
  readonly peer: string;
}

/** Everything that is counted inside one worker process, since that process started. */
export interface Sample {
  readonly type: 'sample';
  readonly requests: number;
  readonly exceptions: number;
  readonly aborted: number;
  readonly tx: number;
  /** Microseconds. */
  readonly runningTime: number;
  /** Microseconds, uWSGI's (old + last) / 2. */
  readonly averageTime: number;
  readonly inFlight: number;
  readonly queued: number;
  readonly upgraded: number;
  readonly stalledMs: number;
  /** Bytes of the JavaScript heap in use, about a second ago; 0 before the first look. */
  readonly heap: number;
  /** Sparse latency histogram, see shared/histogram.ts. */
  readonly buckets: readonly [number, number][];
  /** Requests that ended on each core. */
  readonly cores: readonly number[];
  readonly flights: readonly FlightSample[];
}

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

/** Files that the application was loaded from, as absolute paths: under --auto-reload. */
export interface FilesFrame {
  readonly type: 'files';
  readonly files: readonly string[];
}

export type WorkerFrame = Sample | ReadyFrame | FaultFrame | FilesFrame;

export type MasterFrame =
  /** Finish what is in flight, then exit. */
  | { readonly type: 'drain' }
  /** Exit at once. */
  | { readonly type: 'exit' }
  /** Requests counted in all other workers, for the request log's total. */
  | { readonly type: 'others'; readonly requests: number };

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

/** Reads a line of the master's; null when it is not one. */
export function decodeMasterFrame(line: string): MasterFrame | null {
  const value = parse(line);
  if (value === null) return null;
  if (value['type'] === 'drain' || value['type'] === 'exit') return { type: value['type'] };
  if (value['type'] === 'others' && isCount(value['requests'])) {
    return { type: 'others', requests: value['requests'] };
  }
  return null;
}

/** Reads a line of a worker's; null when it is not one, so that a wild write cannot harm the master. */
export function decodeWorkerFrame(line: string): WorkerFrame | null {
  const value = parse(line);
  if (value === null) return null;
  switch (value['type']) {
    case 'fault':
      return { type: 'fault' };
    case 'ready':
      if (!isCount(value['loadedInMs']) || typeof value['app'] !== 'boolean') return null;
      return { type: 'ready', app: value['app'], loadedInMs: value['loadedInMs'] };
    case 'files':
      return isTexts(value['files']) ? { type: 'files', files: value['files'] } : null;
    case 'sample':
      return decodeSample(value);
    default:
      return null;
  }
}

const COUNTS = [
  'requests',
  'exceptions',
  'aborted',
  'tx',
  'runningTime',
  'averageTime',
  'inFlight',
  'queued',
  'upgraded',
  'stalledMs',
  'heap',
] as const;

function decodeSample(value: Record<string, unknown>): Sample | null {
  const counts: Partial<Record<(typeof COUNTS)[number], number>> = {};
  for (const name of COUNTS) {
    const count = value[name];
    if (!isCount(count)) return null;
    counts[name] = count;
  }
  const { buckets, cores, flights } = value;
  if (!Array.isArray(buckets) || !buckets.every(isPair)) return null;
  if (!Array.isArray(cores) || !cores.every(isCount)) return null;
  if (!Array.isArray(flights) || !flights.every(isFlight)) return null;
  return {
    ...(counts as Record<(typeof COUNTS)[number], number>),
    type: 'sample',
    buckets,
    cores,
    flights,
  };
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

function isPair(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(isCount);
}

function isFlight(value: unknown): value is FlightSample {
  return (
    isRecord(value) &&
    isCount(value['core']) &&
    isCount(value['started']) &&
    typeof value['method'] === 'string' &&
    typeof value['uri'] === 'string' &&
    typeof value['peer'] === 'string'
  );
}
