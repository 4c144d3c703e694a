import { NEWS_OF_INSIDE } from './inside.js';
import { FIELD, type Memory } from './memory.js';
import { BEAT_MS } from './sample.js';

/** With nothing in flight one of these changes whenever anything else does that is counted. */
const COUNTED = [
  FIELD.requests,
  FIELD.exceptions,
  FIELD.aborted,
  FIELD.tx,
  FIELD.inFlight,
  FIELD.queued,
  FIELD.upgraded,
  FIELD.cores,
] as const;

/** Gauges that never stand still, and by how much they must move to be news: bytes, share, ms. */
const GAUGES = [
  [FIELD.heap, 1024 * 1024],
  [FIELD.loop, 0.02],
  [FIELD.loopDelayMax, 10],
] as const;

/** Tells whether a sample would say anything new. */
export interface News {
  /** Whether nothing is under way, and nothing has happened since `told`. */
  isQuiet(now: number): boolean;
  /** A sample was sent; `stalled` when it said that the loop does not turn. */
  told(stalled: boolean): void;
}

/**
 * Looks at a few words of the shared memory instead of all of it. At rest that is a tenth of what a
 * sample costs a worker, and spares the master a frame from each of them every second, since the
 * heap of an idle process grows a little with every beat.
 */
export function createNews({ fields, inside }: Memory): News {
  const known = new Float64Array(fields.length);
  const knownInside = new Float64Array(inside.length);
  let isKnown = false;
  const moved = (index: number): number => Math.abs((fields[index] ?? 0) - (known[index] ?? 0));
  const movedInside = (index: number): number =>
    Math.abs((inside[index] ?? 0) - (knownInside[index] ?? 0));
  return {
    isQuiet(now) {
      if (!isKnown || fields[FIELD.inFlight] !== 0 || fields[FIELD.queued] !== 0) return false;
      const beat = fields[FIELD.heartbeat] ?? 0;
      if (beat > 0 && now - beat > 2 * BEAT_MS) return false;
      return (
        COUNTED.every((index) => moved(index) === 0) &&
        GAUGES.every(([index, least]) => moved(index) < least) &&
        NEWS_OF_INSIDE.every(([index, least]) => movedInside(index) < least)
      );
    },
    told(stalled) {
      known.set(fields);
      knownInside.set(inside);
      isKnown = !stalled;
    },
  };
}
