import { FIELD, type Memory } from '../memory.js';
import { recessOf } from './recess.js';

/**
 * Finds a request that takes too long while the loop is blocked. It runs in the monitor thread, at
 * each of its beats, and only reads.
 */
export interface BlockedWatch {
  /** The core whose request is to be given up with its worker; null while there is none. */
  look(now: number): Blocked | null;
  /** Whether the loop is still blocked as it was then. */
  holds(blocked: Blocked): boolean;
}

export interface Blocked {
  readonly core: number;
  readonly ageMs: number;
  /** When the loop last turned. */
  readonly beat: number;
}

/**
 * How long the loop must have stood still at the limit: as long as the request may take, within
 * these bounds. What blocks from its start is found at its limit.
 */
const STILL_MS = { least: 300, most: 1000 } as const;

/**
 * A loop that has stood still for a shorter time gets this long after the limit to come back: then
 * the request is given up alone and the others of its worker live. What blocks it is to be named
 * within half a second of the limit, and a beat and the taking of the stack come on top.
 */
const LATE_MS = 200;

/** Between two beats of the monitor, this long a gap means that the process itself did not run. */
const GAP_MS = 500;

/** `queueThreshold`: connections that must wait to be accepted; 0 for any number. */
export function createBlockedWatch(memory: Memory, queueThreshold: number): BlockedWatch {
  let lookedAt = -Infinity;
  let awakeSince = -Infinity;
  /** The beat after which the loop was found blocked last: each blockade is told of once. */
  let told = -1;
  const { fields } = memory;
  return {
    look(now) {
      // After SIGSTOP, or on a machine that slept, the loop gets its chance first.
      if (now - lookedAt > GAP_MS) awakeSince = now;
      lookedAt = now;
      const beat = fields[FIELD.heartbeat] ?? 0;
      if (beat === 0 || beat === told) return null;
      if (queueThreshold > 0 && (fields[FIELD.listenQueue] ?? 0) < queueThreshold) return null;
      const core = oldestOverdue(memory, now, { beat, awakeSince });
      if (core < 0) return null;
      told = beat;
      return { core, ageMs: now - (memory.started[core] ?? now), beat };
    },
    holds: ({ beat }) => fields[FIELD.heartbeat] === beat,
  };
}

interface Turns {
  /** When the loop last turned. */
  readonly beat: number;
  /** Since when the process has run without a gap. */
  readonly awakeSince: number;
}

/** The core of the oldest request that is too old for how long its loop stands still; or -1. */
function oldestOverdue(memory: Memory, now: number, turns: Turns): number {
  const { fields, started, limits } = memory;
  const stillMs = now - Math.max(turns.beat, turns.awakeSince);
  let found = -1;
  let oldest = Infinity;
  for (let core = 0; core < (fields[FIELD.cores] ?? 0); core++) {
    const begun = started[core] ?? 0;
    const given = limits[core] ?? 0;
    const limit = given + recessOf(memory, begun);
    const lateMs = now - begun - limit;
    if (begun === 0 || given === 0 || lateMs < 0 || begun >= oldest) continue;
    // A process that was stopped at the limit has the longer time, counted from when it went on.
    const isLate = lateMs >= LATE_MS && turns.awakeSince <= begun + limit;
    const most = isLate ? STILL_MS.least : STILL_MS.most;
    if (stillMs < Math.min(Math.max(limit, STILL_MS.least), most)) continue;
    found = core;
    oldest = begun;
  }
  return found;
}
