import { type Buckets, merge } from '../../../shared/histogram.js';
import { addRefusals, type RefusalCounts } from '../../wire/refusals.js';

/** What processes count themselves. */
export interface Counted {
  readonly requests: number;
  readonly exceptions: number;
  readonly aborted: number;
  readonly tx: number;
  readonly runningTime: number;
  readonly buckets: Buckets;
  readonly refused: RefusalCounts;
}

/** What is counted for a worker id over all its processes: these never go back. */
export interface Totals extends Counted {
  /** Requests that were inside a process, or waited in it, when it ended. */
  readonly lost: number;
}

export const NOTHING: Totals = {
  requests: 0,
  exceptions: 0,
  aborted: 0,
  tx: 0,
  runningTime: 0,
  buckets: [],
  refused: [],
  lost: 0,
};

/** The sum of two counts; a process that lives has lost nothing. */
export function add(a: Totals, b: Counted & { readonly lost?: number }): Totals {
  return {
    lost: a.lost + (b.lost ?? 0),
    requests: a.requests + b.requests,
    exceptions: a.exceptions + b.exceptions,
    aborted: a.aborted + b.aborted,
    tx: a.tx + b.tx,
    runningTime: a.runningTime + b.runningTime,
    buckets: mergeInto(a.buckets, b.buckets),
    refused: addRefusals(a.refused, b.refused),
  };
}

/** Most workers have one process and no past: their histogram need not be copied. */
function mergeInto(a: Buckets, b: Buckets): Buckets {
  if (a.length === 0) return b;
  return b.length === 0 ? a : merge(a, b);
}

/** A process shows as many cores as it has used: the longer list is the one to go through. */
export function addCores(a: readonly number[], b: readonly number[]): readonly number[] {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return long.map((requests, core) => requests + (short[core] ?? 0));
}

/**
 * Makes the sums of a worker when they are asked for, and keeps them until they are to be
 * forgotten: documents are made more often than most workers count anything.
 */
export function remembered(make: (worker: number) => Totals): {
  readonly get: (worker: number) => Totals;
  readonly forget: (worker: number) => void;
} {
  const known = new Map<number, Totals>();
  return {
    get(worker) {
      const value = known.get(worker) ?? make(worker);
      known.set(worker, value);
      return value;
    },
    forget: (worker) => void known.delete(worker),
  };
}
