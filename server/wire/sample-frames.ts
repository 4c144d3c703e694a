import { isFields } from '../../shared/fields.js';
import { type Inside, isInside } from './inside-frames.js';
import { isRefusalCounts, type RefusalCounts } from './refusals.js';

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
  /** How many of those were answered from files; empty: none. */
  readonly statics: readonly number[];
  readonly flights: readonly FlightSample[];
  /** The share of the last second that the event loop was at work, 0 to 1 in hundredths. */
  readonly loop: number;
  /** Bytes that the JavaScript heap takes, and that it may take; 0 before the first look. */
  readonly heapTotal: number;
  readonly heapLimit: number;
  /** Milliseconds by which the beats of the last second came late: on average, and at most. */
  readonly loopDelay: number;
  readonly loopDelayMax: number;
  /** Requests that the gate refused. */
  readonly refused: RefusalCounts;
  /** What the main thread found out of its memory last; null before its first look. */
  readonly inside: Inside | null;
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
  'loop',
  'heapTotal',
  'heapLimit',
  'loopDelay',
  'loopDelayMax',
] as const;

/** Reads a sample; null when it is none. */
export function decodeSample(value: Record<string, unknown>): Sample | null {
  const counts: Partial<Record<(typeof COUNTS)[number], number>> = {};
  for (const name of COUNTS) {
    const count = value[name];
    if (!isCount(count)) return null;
    counts[name] = count;
  }
  const { buckets, cores, statics, flights, refused, inside } = value;
  if (!Array.isArray(buckets) || !buckets.every(isPair)) return null;
  if (!isCounts(cores) || !isCounts(statics)) return null;
  if (!Array.isArray(flights) || !flights.every(isFlight)) return null;
  if (!isRefusalCounts(refused)) return null;
  if (inside !== null && !isInside(inside)) return null;
  return {
    ...(counts as Record<(typeof COUNTS)[number], number>),
    type: 'sample',
    buckets,
    cores,
    statics,
    flights,
    refused,
    inside,
  };
}

/** Whether a value is a number that something can be counted by. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

function isPair(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(isCount);
}

function isFlight(value: unknown): value is FlightSample {
  return (
    isFields(value) &&
    isCount(value['core']) &&
    isCount(value['started']) &&
    typeof value['method'] === 'string' &&
    typeof value['uri'] === 'string' &&
    typeof value['peer'] === 'string'
  );
}
