import { FIELD, type Memory } from '../memory.js';

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
 * How long the loop must have stood still: as long as the request may take, within these bounds. A
 * request that is too old is given up alone if the loop comes back in time, so that the others of
 * its worker live; what blocks from its start is found at its limit.
 */
const STILL_MS = { least: 300, most: 1000 } as const;

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
      const core = oldestOverdue(memory, now, now - Math.max(beat, awakeSince));
      if (core < 0) return null;
      told = beat;
      return { core, ageMs: now - (memory.started[core] ?? now), beat };
    },
    holds: ({ beat }) => fields[FIELD.heartbeat] === beat,
  };
}

/** The core of the oldest request that is too old for a loop that stands still so long; or -1. */
function oldestOverdue({ fields, started, limits }: Memory, now: number, stillMs: number): number {
  let found = -1;
  let oldest = Infinity;
  for (let core = 0; core < (fields[FIELD.cores] ?? 0); core++) {
    const begun = started[core] ?? 0;
    const limit = limits[core] ?? 0;
    if (begun === 0 || limit === 0 || now - begun < limit || begun >= oldest) continue;
    const enough = Math.min(Math.max(limit, STILL_MS.least), STILL_MS.most);
    if (stillMs < enough) continue;
    found = core;
    oldest = begun;
  }
  return found;
}
