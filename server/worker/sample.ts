import type { FlightSample, Sample } from '../wire/sample-frames.js';
import { REFUSAL_CODES } from '../wire/refusals.js';
import { readInside } from './inside.js';
import { FIELD, type Memory, readCore } from './memory.js';

/** How often the main thread's loop says that it turns. */
export const BEAT_MS = 100;

export interface Clock {
  /** Monotonic milliseconds, see clock.ts. */
  now(): number;
  /** Milliseconds since 1970 at `now() === 0`. */
  readonly origin: number;
}

/** Reads the shared memory into a frame; may run in either thread, changes nothing. */
export function takeSample(memory: Memory, clock: Clock, peers?: PeerSource): Sample {
  const { fields } = memory;
  const get = (index: number): number => fields[index] ?? 0;
  const beat = get(FIELD.heartbeat);
  const silence = beat === 0 ? 0 : clock.now() - beat;
  return {
    type: 'sample',
    requests: get(FIELD.requests),
    exceptions: get(FIELD.exceptions),
    aborted: get(FIELD.aborted),
    tx: get(FIELD.tx),
    runningTime: Math.round(get(FIELD.runningTime)),
    averageTime: Math.round(get(FIELD.averageTime)),
    inFlight: get(FIELD.inFlight),
    queued: get(FIELD.queued),
    upgraded: get(FIELD.upgraded),
    // A beat may come late by a whole period without anything being wrong.
    stalledMs: silence > 2 * BEAT_MS ? Math.round(silence) : 0,
    heap: get(FIELD.heap),
    buckets: sparse(memory.buckets),
    cores: Array.from(memory.served.subarray(0, get(FIELD.cores))),
    statics: staticsOf(memory, get(FIELD.cores)),
    flights: flights(memory, clock, peers),
    // In hundredths: a sample that says nothing new is not sent.
    loop: Math.round(get(FIELD.loop) * 100) / 100,
    heapTotal: get(FIELD.heapTotal),
    heapLimit: get(FIELD.heapLimit),
    loopDelay: get(FIELD.loopDelay),
    loopDelayMax: get(FIELD.loopDelayMax),
    inside: readInside(memory.inside),
    refused: REFUSAL_CODES.flatMap((code, index) => {
      const count = memory.refused[index] ?? 0;
      return count === 0 ? [] : [[code, count] as const];
    }),
  };
}

/** Nothing where no file was served, as in most workers. */
function staticsOf({ statics }: Memory, cores: number): number[] {
  const counts = Array.from(statics.subarray(0, cores));
  return counts.some((count) => count > 0) ? counts : [];
}

function sparse(buckets: Float64Array): [number, number][] {
  const pairs: [number, number][] = [];
  // No forEach: this code runs too seldom to be compiled, and a call for each bucket is slow then.
  for (let bucket = 0; bucket < buckets.length; bucket++) {
    const count = buckets[bucket] ?? 0;
    if (count > 0) pairs.push([bucket, count]);
  }
  return pairs;
}

/**
 * Finds out addresses by descriptor. Asked only for requests that a turning loop would have named:
 * those that a blocked one is at, or that wait behind it.
 */
export type PeerSource = (fds: readonly number[]) => ReadonlyMap<number, string>;

function flights(memory: Memory, clock: Clock, peers?: PeerSource): FlightSample[] {
  const found: FlightSample[] = [];
  const used = memory.fields[FIELD.cores] ?? 0;
  for (let core = 0; core < used; core++) {
    const work = readCore(memory, core);
    if (work === null) continue;
    const { method, uri, peer } = work;
    const started = Math.floor((clock.origin + work.started) / 1000);
    found.push({ core, started, method, uri, peer });
  }
  return peers === undefined ? found : named(memory, clock, { found, peers });
}

function named(
  memory: Memory,
  clock: Clock,
  { found, peers }: { found: FlightSample[]; peers: PeerSource },
): FlightSample[] {
  const overdue = clock.now() - 2 * BEAT_MS;
  const isNameless = ({ core, peer }: FlightSample): boolean =>
    peer === '' && (memory.started[core] ?? 0) < overdue && (memory.fds[core] ?? -1) >= 0;
  const nameless = found.filter(isNameless);
  if (nameless.length === 0) return found;
  const known = peers(nameless.map(({ core }) => memory.fds[core] ?? -1));
  return found.map((flight) =>
    nameless.includes(flight)
      ? { ...flight, peer: known.get(memory.fds[flight.core] ?? -1) ?? '' }
      : flight,
  );
}
