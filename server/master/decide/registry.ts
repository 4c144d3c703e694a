import { type Buckets, merge, since } from '../../../shared/histogram.js';
import type { Sample } from '../../wire/frames.js';
import { addRefusals, type RefusalCounts } from '../../wire/refusals.js';

/** What processes count themselves. */
interface Counted {
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

const NOTHING: Totals = {
  requests: 0,
  exceptions: 0,
  aborted: 0,
  tx: 0,
  runningTime: 0,
  buckets: [],
  refused: [],
  lost: 0,
};

function add(a: Totals, b: Counted & { readonly lost?: number }): Totals {
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

/** Whether anything that only grows is less than before: then the sample came out of turn. */
function isLess(sample: Sample, before: Sample): boolean {
  return (
    sample.requests < before.requests ||
    sample.exceptions < before.exceptions ||
    sample.aborted < before.aborted ||
    sample.tx < before.tx ||
    sample.runningTime < before.runningTime ||
    since(sample.buckets, before.buckets) === null
  );
}

/** The books of all workers: what dead processes counted, and the last sample of each live one. */
export interface Registry {
  /** Takes a sample; one that has less than an earlier one of the same process is ignored. */
  fold(worker: number, pid: number, sample: Sample): void;
  /** The process is dead: its last sample joins the base of its worker. */
  retire(worker: number, pid: number): void;
  totals(worker: number): Totals;
  /** The same without what the masters before this one counted. */
  own(worker: number): Totals;
  /** The last sample of a live process. */
  sample(pid: number): Sample | undefined;
  /** Requests over all workers. */
  requests(): number;
  /** What the masters before this one counted for a worker id; the newest word holds. */
  inherit(worker: number, totals: Totals): void;
  /** Everything, to be inherited. */
  estate(): readonly (readonly [worker: number, totals: Totals])[];
}

/** Books without entries. */
export function createRegistry(): Registry {
  const bases = new Map<number, Totals>();
  const live = new Map<number, { worker: number; sample: Sample }>();
  const inherited = new Map<number, Totals>();
  const processes = new Map<number, Set<number>>();
  const ownSums = remembered((worker) => {
    const pids = processes.get(worker) ?? [];
    const samples = [...pids].flatMap((pid) => live.get(pid)?.sample ?? []);
    return samples.reduce<Totals>(add, bases.get(worker) ?? NOTHING);
  });
  const sums = remembered((worker) => {
    const before = inherited.get(worker);
    return before === undefined ? ownSums.get(worker) : add(before, ownSums.get(worker));
  });
  const changed = (worker: number): void => {
    ownSums.forget(worker);
    sums.forget(worker);
  };
  const { get: totals } = sums;
  return {
    fold(worker, pid, sample) {
      const known = live.get(pid);
      if (known !== undefined && isLess(sample, known.sample)) return;
      live.set(pid, { worker, sample });
      const pids = processes.get(worker) ?? new Set();
      processes.set(worker, pids.add(pid));
      changed(worker);
    },
    retire(worker, pid) {
      const entry = live.get(pid);
      if (entry === undefined) return;
      live.delete(pid);
      processes.get(worker)?.delete(pid);
      changed(worker);
      const { sample } = entry;
      const sum = add(bases.get(worker) ?? NOTHING, sample);
      bases.set(worker, { ...sum, lost: sum.lost + sample.inFlight + sample.queued });
    },
    totals,
    own: ownSums.get,
    sample: (pid) => live.get(pid)?.sample,
    requests() {
      let sum = 0;
      for (const { requests } of inherited.values()) sum += requests;
      for (const base of bases.values()) sum += base.requests;
      for (const { sample } of live.values()) sum += sample.requests;
      return sum;
    },
    inherit(worker, their) {
      inherited.set(worker, their);
      changed(worker);
    },
    estate() {
      const living = [...live.values()].map(({ worker }) => worker);
      const workers = new Set([...inherited.keys(), ...bases.keys(), ...living]);
      return [...workers].map((worker) => [worker, totals(worker)] as const);
    },
  };
}

/**
 * Makes the sums of a worker when they are asked for, and keeps them until they are to be
 * forgotten: documents are made more often than most workers count anything.
 */
function remembered(make: (worker: number) => Totals): {
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
