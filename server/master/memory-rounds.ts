/**
 * Whose memory is to be measured now. That costs the kernel a walk over all pages of a process, so
 * it is done only while somebody reads the stats or a rule looks at them, a few processes at a time,
 * and never for more than a hundredth of the time.
 */
export interface MemoryRounds {
  /** To be called once a second, with all processes; times are monotonic milliseconds. */
  due(pids: readonly number[], now: number): readonly number[];
  /** How long it took to measure so many. */
  took(count: number, ms: number): void;
}

/** A process is measured this often. */
const EVERY_MS = 5000;
/** A timer may come a little early. */
const SLACK_MS = 50;
/** The share of the time that all of it may take. */
const SHARE = 0.01;
/** What may be saved up for new processes, and what there is at the start, milliseconds. */
const MOST_CREDIT_MS = 100;
/** In a second, so that a pool that was started is not measured at once. */
const MOST = 16;
/** What a walk is taken for before one was made, and how fast that follows what is measured. */
const FIRST_WALK_MS = 0.7;
const FOLLOWING = 0.2;

/** Begins with nothing measured. */
export function createMemoryRounds(): MemoryRounds {
  let measuredAt = new Map<number, number>();
  let credit = MOST_CREDIT_MS;
  let creditAt: number | null = null;
  let walkMs = FIRST_WALK_MS;
  const affordable = (now: number): number => {
    credit = Math.min(MOST_CREDIT_MS, credit + (now - (creditAt ?? now)) * SHARE);
    creditAt = now;
    // A walk that takes longer than a second's share is paid for afterwards, by not walking.
    return credit <= 0 ? 0 : Math.min(MOST, Math.max(1, Math.floor(credit / walkMs)));
  };
  return {
    due(pids, now) {
      const present = new Set(pids);
      // In the order in which they were measured: who waits longest is next.
      const known = [...measuredAt].filter(([pid]) => present.has(pid));
      const old = known
        .filter(([, at]) => now - at >= EVERY_MS - SLACK_MS)
        // Those that came together come apart, and the seconds get the same each.
        .slice(0, Math.ceil((pids.length * 1000) / EVERY_MS));
      const fresh = pids.filter((pid) => !measuredAt.has(pid));
      const chosen = [...fresh, ...old.map(([pid]) => pid)].slice(0, affordable(now));
      // What is not there any more is forgotten.
      measuredAt = new Map(known);
      for (const pid of chosen) {
        measuredAt.delete(pid);
        measuredAt.set(pid, now);
      }
      return chosen;
    },
    took(count, ms) {
      credit -= ms;
      if (count > 0) walkMs += (ms / count - walkMs) * FOLLOWING;
    },
  };
}
