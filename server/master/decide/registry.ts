import { merge, since } from '../../../shared/histogram.js';
import type { Sample } from '../../wire/frames.js';

/** What processes count themselves. */
interface Counted {
  readonly requests: number;
  readonly exceptions: number;
  readonly aborted: number;
  readonly tx: number;
  readonly runningTime: number;
  readonly buckets: readonly (readonly [number, number])[];
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
    buckets: merge(a.buckets, b.buckets),
  };
}

/** A process shows as many cores as it has used: the longer list is the one to go through. */
function addCores(a: readonly number[], b: readonly number[]): readonly number[] {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return long.map((requests, core) => requests + (short[core] ?? 0));
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
  /** The same without what was inherited. */
  ownTotals(worker: number): Totals;
  /** Requests that ended in each core of a worker, over all its processes. */
  cores(worker: number): readonly number[];
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
  const retiredCores = new Map<number, readonly number[]>();
  const ownTotals = (worker: number): Totals => {
    let sum = bases.get(worker) ?? NOTHING;
    for (const entry of live.values()) if (entry.worker === worker) sum = add(sum, entry.sample);
    return sum;
  };
  const totals = (worker: number): Totals =>
    add(inherited.get(worker) ?? NOTHING, ownTotals(worker));
  return {
    fold(worker, pid, sample) {
      const known = live.get(pid);
      if (known !== undefined && isLess(sample, known.sample)) return;
      live.set(pid, { worker, sample });
    },
    retire(worker, pid) {
      const entry = live.get(pid);
      if (entry === undefined) return;
      live.delete(pid);
      const { sample } = entry;
      const sum = add(bases.get(worker) ?? NOTHING, sample);
      bases.set(worker, { ...sum, lost: sum.lost + sample.inFlight + sample.queued });
      retiredCores.set(worker, addCores(retiredCores.get(worker) ?? [], sample.cores));
    },
    totals,
    ownTotals,
    cores(worker) {
      let sum = retiredCores.get(worker) ?? [];
      for (const entry of live.values()) {
        if (entry.worker === worker) sum = addCores(sum, entry.sample.cores);
      }
      return sum;
    },
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
    },
    estate() {
      const living = [...live.values()].map(({ worker }) => worker);
      const workers = new Set([...inherited.keys(), ...bases.keys(), ...living]);
      return [...workers].map((worker) => [worker, totals(worker)] as const);
    },
  };
}
