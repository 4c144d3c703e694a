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
  /** Takes a sample that is read, by `read`, when somebody asks for it; null says that it is none. */
  defer(worker: number, pid: number, read: () => Sample | null): void;
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

/** What is known of a live process. */
interface Entry {
  readonly worker: number;
  /** Null before the first that was read. */
  sample: Sample | null;
  /** Samples that nobody has asked for, oldest first. */
  unread: (() => Sample | null)[];
}

/** Ten come in a second, and somebody asks once a second. */
const MOST_UNREAD = 16;

/**
 * Of those that can be read the last two are enough: each says all, and only the last two of a
 * process can have changed places, when its main thread tells the last figures past its monitor.
 */
const NEEDED = 2;

function take(entry: Entry, sample: Sample): void {
  if (entry.sample === null || !isLess(sample, entry.sample)) entry.sample = sample;
}

/** The newest sample of a process; null when there is none. */
function newest(entry: Entry): Sample | null {
  const { unread } = entry;
  if (unread.length === 0) return entry.sample;
  entry.unread = [];
  const samples: Sample[] = [];
  for (let i = unread.length - 1; i >= 0 && samples.length < NEEDED; i--) {
    const sample = unread[i]?.() ?? null;
    if (sample !== null) samples.unshift(sample);
  }
  for (const sample of samples) take(entry, sample);
  return entry.sample;
}

/** Books without entries. */
export function createRegistry(): Registry {
  const bases = new Map<number, Totals>();
  const live = new Map<number, Entry>();
  const inherited = new Map<number, Totals>();
  const retiredCores = new Map<number, readonly number[]>();
  const ownTotals = (worker: number): Totals => {
    let sum = bases.get(worker) ?? NOTHING;
    for (const entry of live.values()) {
      const sample = entry.worker === worker ? newest(entry) : null;
      if (sample !== null) sum = add(sum, sample);
    }
    return sum;
  };
  const totals = (worker: number): Totals =>
    add(inherited.get(worker) ?? NOTHING, ownTotals(worker));
  const entryOf = (worker: number, pid: number): Entry => {
    const entry = live.get(pid) ?? { worker, sample: null, unread: [] };
    live.set(pid, entry);
    return entry;
  };
  return {
    fold(worker, pid, sample) {
      const entry = entryOf(worker, pid);
      newest(entry);
      take(entry, sample);
    },
    defer(worker, pid, read) {
      const entry = entryOf(worker, pid);
      entry.unread.push(read);
      if (entry.unread.length >= MOST_UNREAD) newest(entry);
    },
    retire(worker, pid) {
      const entry = live.get(pid);
      if (entry === undefined) return;
      live.delete(pid);
      const sample = newest(entry);
      if (sample === null) return;
      const sum = add(bases.get(worker) ?? NOTHING, sample);
      bases.set(worker, { ...sum, lost: sum.lost + sample.inFlight + sample.queued });
      retiredCores.set(worker, addCores(retiredCores.get(worker) ?? [], sample.cores));
    },
    totals,
    ownTotals,
    cores(worker) {
      let sum = retiredCores.get(worker) ?? [];
      for (const entry of live.values()) {
        const sample = entry.worker === worker ? newest(entry) : null;
        if (sample !== null) sum = addCores(sum, sample.cores);
      }
      return sum;
    },
    sample(pid) {
      const entry = live.get(pid);
      return entry === undefined ? undefined : (newest(entry) ?? undefined);
    },
    requests() {
      let sum = 0;
      for (const { requests } of inherited.values()) sum += requests;
      for (const base of bases.values()) sum += base.requests;
      for (const entry of live.values()) sum += newest(entry)?.requests ?? 0;
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
