import { FIELD, type Memory } from '../memory.js';

/**
 * Time that an operator took from the main thread, by a heap snapshot or a collection of garbage:
 * it does not count against the requests that were under way. Only the last recess counts.
 */
export interface Recess {
  begin(now: number): void;
  end(now: number): void;
}

/** The monitor thread's side, which is the only one that writes it. */
export function createRecess({ fields }: Pick<Memory, 'fields'>): Recess {
  let begun: number | null = null;
  return {
    begin(now) {
      begun = now;
      // The time first: with the moment, it holds.
      fields[FIELD.recessMs] = Infinity;
      fields[FIELD.recessEnd] = Infinity;
    },
    end(now) {
      if (begun === null) return;
      fields[FIELD.recessMs] = now - begun;
      fields[FIELD.recessEnd] = now;
      begun = null;
    },
  };
}

/** Milliseconds by which a request may be older than its limit, that began then. */
export function recessOf({ fields }: Pick<Memory, 'fields'>, begun: number): number {
  return begun < (fields[FIELD.recessEnd] ?? 0) ? (fields[FIELD.recessMs] ?? 0) : 0;
}
