/** Tells how far runs are, not more often than anybody looks. */
export interface ProgressTeller {
  readonly told: (id: string, share: number) => void;
  /** The run has ended. */
  forget(id: string): void;
}

/** How often a run is told of at most. */
const TELL_MS = 200;

export function createProgressTeller(
  tell: (id: string, share: number) => void,
  now: () => number = () => performance.now(),
): ProgressTeller {
  const last = new Map<string, number>();
  return {
    told(id, share) {
      const at = now();
      if (at - (last.get(id) ?? -Infinity) < TELL_MS && share < 1) return;
      last.set(id, at);
      tell(id, share);
    },
    forget: (id) => void last.delete(id),
  };
}
