/** Who has been silent for too long. Times are monotonic milliseconds. */
export interface SilenceWatch {
  /** A process was started. */
  born(pid: number, now: number): void;
  /** A process has sent something. */
  heard(pid: number, now: number): void;
  /** A process is gone. */
  forget(pid: number): void;
  /**
   * To be called once a second: the processes that have been silent for too long, each told of
   * again after as long. Time in which the master itself did not run, since it was stopped or the
   * machine slept, is no silence of theirs.
   */
  look(now: number): readonly { readonly pid: number; readonly silentMs: number }[];
}

/** The longest time between two looks that counts in full. */
const LOOK_MS = 1500;

/** How much longer a process may take that has not said anything yet: it starts. */
const BIRTH_MS = 60_000;

/** Each sign of life costs the master some 40 µs: with many idle workers it is most of its work. */
const SIGN_MS = 10_000;

/** How often an idle process gives a sign of life, so that it is never near the limit. */
export function signPeriod(limitMs: number): number {
  return limitMs === 0 ? SIGN_MS : Math.min(SIGN_MS, limitMs / 4);
}

/**
 * `limitMs`: how long a process may be silent; 0 for ever. It is asked at the start of each, which
 * gives its signs as often as that asks for.
 */
export function createSilenceWatch(limitMs: () => number): SilenceWatch {
  const last = new Map<number, number>();
  const limits = new Map<number, number>();
  let lookedAt: number | null = null;
  return {
    born(pid, now) {
      last.set(pid, now + BIRTH_MS);
      limits.set(pid, limitMs());
    },
    heard(pid, now) {
      if (last.has(pid)) last.set(pid, now);
    },
    forget(pid) {
      last.delete(pid);
      limits.delete(pid);
    },
    look(now) {
      const gap = lookedAt === null ? 0 : now - lookedAt;
      lookedAt = now;
      const lost = gap - LOOK_MS;
      if (lost > 0) for (const [pid, at] of last) last.set(pid, at + lost);
      const silent = [...last]
        .map(([pid, at]) => ({ pid, silentMs: now - at, limit: limits.get(pid) ?? 0 }))
        .filter(({ silentMs, limit }) => limit > 0 && silentMs >= limit)
        .map(({ pid, silentMs }) => ({ pid, silentMs }));
      for (const { pid } of silent) last.set(pid, now);
      return silent;
    },
  };
}
