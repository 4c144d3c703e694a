import type { Clock } from '../../top/clock.js';

export interface VirtualClock extends Clock {
  /** Lets time pass; what falls due is called in order, at its own time. */
  advance(ms: number): void;
  /** How many calls are still to come. */
  readonly pending: number;
}

/** A clock that stands still until told otherwise. */
export function createVirtualClock(wallStart = Date.UTC(2026, 0, 1)): VirtualClock {
  let now = 0;
  let calls: readonly { readonly at: number; readonly call: () => void }[] = [];
  return {
    now: () => now,
    wallMs: () => wallStart + now,
    after(ms, call) {
      const entry = { at: now + Math.max(0, ms), call };
      calls = [...calls, entry].sort((a, b) => a.at - b.at);
      return () => (calls = calls.filter((other) => other !== entry));
    },
    advance(ms) {
      const end = now + ms;
      for (let next = calls[0]; next && next.at <= end; next = calls[0]) {
        calls = calls.slice(1);
        now = next.at;
        next.call();
      }
      now = end;
    },
    get pending() {
      return calls.length;
    },
  };
}
