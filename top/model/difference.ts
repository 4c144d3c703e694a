import type { DecodedInstance, DecodedWorker } from '../../shared/stats.js';
import { measured } from './measured.js';
import { MIN_ELAPSED_MS, sameBoot } from './rates.js';
import type { Shown } from './shown.js';

/** A moment that was marked. */
export interface Mark {
  readonly shown: Shown;
  /** The server's clock then, seconds since 1970; null when not known. */
  readonly time: number | null;
}

/** What came to pass between two moments; null where that cannot be known. */
export interface Grown {
  readonly requests: number | null;
  /** Requests a second. */
  readonly rps: number | null;
  /** Microseconds that one of these requests took. */
  readonly mean: number | null;
  readonly exceptions: number | null;
  readonly harakiri: number | null;
  readonly respawns: number | null;
  readonly tx: number | null;
  /** Bytes of memory, less than zero when it shrank. */
  readonly rss: number | null;
}

export interface WorkerDifference extends Grown {
  readonly id: number;
  /** Whether the process is another one, or the worker is in one of the two only. */
  readonly change: 'same' | 'replaced' | 'new' | 'gone';
}

export interface Difference {
  readonly elapsedMs: number;
  /** Whether the master was started anew in between, with which all counters began again. */
  readonly restarted: boolean;
  readonly total: Grown;
  readonly workers: readonly WorkerDifference[];
}

/** Counters that only ever grow. */
type Counter =
  'requests' | 'exceptions' | 'harakiri_count' | 'respawn_count' | 'tx' | 'running_time';

type Counts = Readonly<Record<Counter, number | null>>;

interface Pair {
  readonly id: number;
  readonly before: DecodedWorker | undefined;
  readonly after: DecodedWorker | undefined;
}

/** What came to pass from the earlier document to the later one. */
export function differenceOf(from: Shown, to: Shown): Difference | null {
  if (from.document.kind !== 'instance' || to.document.kind !== 'instance') return null;
  const [earlier, later] = [from.document.instance, to.document.instance];
  const elapsedMs = to.at - from.at;
  const restarted = !sameBoot(earlier, later);
  // A boot id vouches for counters that go on over a respawn; a uWSGI does not say.
  const vouched = !restarted && later.boot_id !== undefined;
  const parts = pairsOf(earlier, later).map((pair) => {
    const change = changeOf(pair);
    const known = !restarted && (change === 'same' || (vouched && change !== 'gone'));
    const counts = countsOf(pair, known);
    const rss = !restarted && change === 'same' ? rssOf(pair) : null;
    return { id: pair.id, change, counts, rss };
  });
  return {
    ...{ elapsedMs, restarted },
    total: grown(
      summed(parts.map(({ counts }) => counts)),
      restarted ? null : poolRss(earlier, later),
      elapsedMs,
    ),
    workers: parts.map(({ id, change, counts, rss }) => {
      return { id, change, ...grown(counts, rss, elapsedMs) };
    }),
  };
}

/** The workers of both that can be told apart: uWSGI gives every never spawned one the id 0. */
function pairsOf(earlier: DecodedInstance, later: DecodedInstance): readonly Pair[] {
  const byId = ({ workers }: DecodedInstance): ReadonlyMap<number, DecodedWorker> =>
    new Map(workers.filter(({ id }) => id > 0).map((worker) => [worker.id, worker]));
  const [before, after] = [byId(earlier), byId(later)];
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b);
  return ids.map((id) => ({ id, before: before.get(id), after: after.get(id) }));
}

function changeOf({ before, after }: Pair): WorkerDifference['change'] {
  if (before === undefined) return 'new';
  if (after === undefined) return 'gone';
  return before.pid === after.pid && before.last_spawn === after.last_spawn ? 'same' : 'replaced';
}

function countsOf({ before, after }: Pair, known: boolean): Counts {
  const count = (name: Counter): number | null => {
    const value = after?.[name];
    const old = before === undefined ? 0 : before[name];
    if (!known || value === undefined || old === undefined) return null;
    // A counter that went back was set to zero in between: nobody knows what it has counted.
    return value >= old ? value - old : null;
  };
  return countsBy(count);
}

function countsBy(count: (name: Counter) => number | null): Counts {
  return {
    requests: count('requests'),
    exceptions: count('exceptions'),
    harakiri_count: count('harakiri_count'),
    respawn_count: count('respawn_count'),
    tx: count('tx'),
    running_time: count('running_time'),
  };
}

function rssOf({ before, after }: Pair): number | null {
  const [old, now] = [measured(before?.rss), measured(after?.rss)];
  return old === null || now === null ? null : now - old;
}

/** How much more all processes take together, whichever they are; null when nobody measures it. */
function poolRss(earlier: DecodedInstance, later: DecodedInstance): number | null {
  const all = ({ workers }: DecodedInstance): number =>
    workers.reduce((total, { rss }) => total + (measured(rss) ?? 0), 0);
  const [before, after] = [all(earlier), all(later)];
  return before === 0 || after === 0 ? null : after - before;
}

function summed(all: readonly Counts[]): Counts {
  return countsBy((name) => sum(all.map((counts) => counts[name])));
}

/** The sum of what is known; null when a part of it is not. */
function sum(values: readonly (number | null)[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((all, value) => (all === null || value === null ? null : all + value));
}

function grown(counts: Counts, rss: number | null, elapsedMs: number): Grown {
  const { requests, running_time } = counts;
  const timed = requests !== null && elapsedMs >= MIN_ELAPSED_MS;
  return {
    requests,
    rps: timed ? (requests * 1000) / elapsedMs : null,
    mean:
      requests === null || running_time === null || requests === 0 ? null : running_time / requests,
    exceptions: counts.exceptions,
    harakiri: counts.harakiri_count,
    respawns: counts.respawn_count,
    tx: counts.tx,
    rss,
  };
}
