/**
 * Whose memory is to be measured now. That costs the kernel a walk over all pages of a process, so
 * it is done only while somebody reads the stats, and a few processes at a time.
 */
export interface MemoryRounds {
  /** To be called once a second, with all processes; times are monotonic milliseconds. */
  due(pids: readonly number[], now: number): readonly number[];
}

/** A process is measured at most this often. */
const EVERY_MS = 10_000;
/** New processes in a second, so that each soon has its first figures. */
const MOST_NEW = 4;
/**
 * Others in a second: a walk takes the kernel about three milliseconds, and sixty-four of them in ten
 * seconds were four times all else that a master at rest does. So many workers take a second each.
 */
const MOST = 1;

/** Begins with nothing measured. */
export function createMemoryRounds(): MemoryRounds {
  let measuredAt = new Map<number, number>();
  return {
    due(pids, now) {
      const at = (pid: number): number => measuredAt.get(pid) ?? -Infinity;
      const fresh = pids.filter((pid) => !measuredAt.has(pid)).slice(0, MOST_NEW);
      const old = pids.filter((pid) => now - at(pid) >= EVERY_MS).sort((a, b) => at(a) - at(b));
      const chosen = fresh.length > 0 ? fresh : old.slice(0, MOST);
      const known = pids.filter((pid) => measuredAt.has(pid) || chosen.includes(pid));
      // What is not there any more is forgotten.
      measuredAt = new Map(known.map((pid) => [pid, chosen.includes(pid) ? now : at(pid)]));
      return chosen;
    },
  };
}
