import type { Clock } from './clock.js';

export interface Pace {
  /** Asks for a call at the latest so many milliseconds after the one before. */
  want(afterLastMs: number): void;
  readonly pending: boolean;
  cancel(): void;
}

/** Calls when asked to, but never sooner after its last call than the most urgent wish allows. */
export function createPace(clock: Clock, call: () => void): Pace {
  let last = -Infinity;
  let due: { readonly at: number; readonly cancel: () => void } | undefined;
  const cancel = (): void => {
    due?.cancel();
    due = undefined;
  };
  return {
    want(afterLastMs) {
      const now = clock.now();
      const at = Math.max(now, last + afterLastMs);
      if (due && due.at <= at) return;
      cancel();
      const stop = clock.after(at - now, () => {
        due = undefined;
        last = clock.now();
        call();
      });
      due = { at, cancel: stop };
    },
    get pending() {
      return due !== undefined;
    },
    cancel,
  };
}
