import { since } from '../../../shared/histogram.js';
import type { Sample } from '../../wire/sample-frames.js';

/** The newest sample of each live process; most are read only when somebody asks for them. */
export interface LiveSamples {
  /** Takes a sample; one that has less than an earlier one of the same process is ignored. */
  fold(worker: number, pid: number, sample: Sample): void;
  /** Takes a sample that is read, by `read`, when somebody asks for it; null says that it is none. */
  defer(worker: number, pid: number, read: () => Sample | null): void;
  /** Takes what a process had counted when it died, if that is more than its newest sample says. */
  settle(worker: number, pid: number, tally: Sample): void;
  /** Forgets a process; its newest sample. */
  remove(pid: number): Sample | undefined;
  readonly of: (pid: number) => Sample | undefined;
  /** Of all processes of a worker. */
  ofWorker(worker: number): readonly Sample[];
  /** The workers that have processes, each as often as it has. */
  workers(): readonly number[];
}

/** What is known of a live process. */
interface Entry {
  readonly worker: number;
  /** Undefined before the first that was read. */
  sample: Sample | undefined;
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

/** Without processes. */
export function createLiveSamples(): LiveSamples {
  const live = new Map<number, Entry>();
  const byWorker = new Map<number, Set<Entry>>();
  const entryOf = (worker: number, pid: number): Entry => {
    const known = live.get(pid);
    if (known !== undefined) return known;
    const entry: Entry = { worker, sample: undefined, unread: [] };
    live.set(pid, entry);
    byWorker.set(worker, (byWorker.get(worker) ?? new Set()).add(entry));
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
    settle(worker, pid, tally) {
      const entry = entryOf(worker, pid);
      const told = newest(entry);
      if (told === undefined) entry.sample = tally;
      // A tally has no room for them: those of the last tenth of a second are lost.
      else if (isMore(tally, told)) entry.sample = { ...tally, statics: told.statics };
    },
    remove(pid) {
      const entry = live.get(pid);
      if (entry === undefined) return undefined;
      live.delete(pid);
      byWorker.get(entry.worker)?.delete(entry);
      return newest(entry);
    },
    of(pid) {
      const entry = live.get(pid);
      return entry === undefined ? undefined : newest(entry);
    },
    ofWorker: (worker) => [...(byWorker.get(worker) ?? [])].flatMap((entry) => newest(entry) ?? []),
    workers: () => [...live.values()].map(({ worker }) => worker),
  };
}

/** The newest sample of a process. */
function newest(entry: Entry): Sample | undefined {
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

function take(entry: Entry, sample: Sample): void {
  if (entry.sample === undefined || !isLess(sample, entry.sample)) entry.sample = sample;
}

/**
 * Whether a tally was taken after the sample. With as many requests ended, those under way can only
 * have become more; the sample is the newer one where the loop was blocked, since the monitor thread
 * takes it.
 */
function isMore(tally: Sample, told: Sample): boolean {
  if (isLess(tally, told)) return false;
  if (tally.requests > told.requests) return true;
  return tally.inFlight + tally.queued > told.inFlight + told.queued;
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
