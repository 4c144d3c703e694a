import type { Sample } from '../../wire/sample-frames.js';
import { createLiveSamples } from './live-samples.js';
import { add, addCores, NOTHING, remembered, type Totals } from './totals.js';

/** The books of all workers: what dead processes counted, and the last sample of each live one. */
export interface Registry {
  /** Takes a sample; one that has less than an earlier one of the same process is ignored. */
  fold(worker: number, pid: number, sample: Sample): void;
  /** Takes a sample that is read, by `read`, when somebody asks for it; null says that it is none. */
  defer(worker: number, pid: number, read: () => Sample | null): void;
  /**
   * The process is dead: its last sample joins the base of its worker, or its tally, what it had
   * counted when it died, if that is more than was told.
   */
  retire(worker: number, pid: number, tally?: Sample | null): void;
  readonly totals: (worker: number) => Totals;
  /** The same without what the masters before this one counted. */
  readonly ownTotals: (worker: number) => Totals;
  /** Requests that ended in each core of a worker, over all its processes. */
  cores(worker: number): readonly number[];
  /** How many of those were answered from files. */
  statics(worker: number): readonly number[];
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
  const inherited = new Map<number, Totals>();
  const retiredCores = new Map<number, readonly number[]>();
  const retiredStatics = new Map<number, readonly number[]>();
  const live = createLiveSamples();
  const own = remembered((worker) =>
    live.ofWorker(worker).reduce<Totals>(add, bases.get(worker) ?? NOTHING),
  );
  const sums = remembered((worker) => {
    const before = inherited.get(worker);
    return before === undefined ? own.get(worker) : add(before, own.get(worker));
  });
  const changed = (worker: number): void => {
    own.forget(worker);
    sums.forget(worker);
  };
  const workers = (): ReadonlySet<number> =>
    new Set([...inherited.keys(), ...bases.keys(), ...live.workers()]);
  return {
    fold(worker, pid, sample) {
      live.fold(worker, pid, sample);
      changed(worker);
    },
    defer(worker, pid, read) {
      live.defer(worker, pid, read);
      changed(worker);
    },
    retire(worker, pid, tally = null) {
      if (tally !== null) live.settle(worker, pid, tally);
      const sample = live.remove(pid);
      changed(worker);
      if (sample === undefined) return;
      const sum = add(bases.get(worker) ?? NOTHING, sample);
      bases.set(worker, { ...sum, lost: sum.lost + sample.inFlight + sample.queued });
      retiredCores.set(worker, addCores(retiredCores.get(worker) ?? [], sample.cores));
      const statics = retiredStatics.get(worker) ?? [];
      retiredStatics.set(worker, addCores(statics, sample.statics));
    },
    totals: sums.get,
    ownTotals: own.get,
    cores(worker) {
      const retired = retiredCores.get(worker) ?? [];
      return live.ofWorker(worker).reduce((sum, { cores }) => addCores(sum, cores), retired);
    },
    statics(worker) {
      const retired = retiredStatics.get(worker) ?? [];
      return live.ofWorker(worker).reduce((sum, { statics }) => addCores(sum, statics), retired);
    },
    sample: live.of,
    requests: () => [...workers()].reduce((sum, worker) => sum + sums.get(worker).requests, 0),
    inherit(worker, their) {
      inherited.set(worker, their);
      changed(worker);
    },
    estate: () => [...workers()].map((worker) => [worker, sums.get(worker)] as const),
  };
}
