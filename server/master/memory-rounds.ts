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
/** Processes in a second: few have their figures soon, and many never cost more than this. */
const LEAST = 4;
const MOST = 16;

/** Begins with nothing measured. */
export function createMemoryRounds(): MemoryRounds {
  let measuredAt = new Map<number, number>();
  return {
    due(pids, now) {
      const at = (pid: number): number => measuredAt.get(pid) ?? -Infinity;
      const old = pids.filter((pid) => now - at(pid) >= EVERY_MS).sort((a, b) => at(a) - at(b));
      const evenly = Math.ceil((pids.length * 1000) / EVERY_MS);
      const chosen = old.slice(0, Math.min(Math.max(evenly, LEAST), MOST));
      // What is not there any more is forgotten.
      measuredAt = new Map(pids.map((pid) => [pid, chosen.includes(pid) ? now : at(pid)]));
      return chosen;
    },
  };
}
