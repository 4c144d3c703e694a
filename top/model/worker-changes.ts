import type { DecodedInstance, DecodedWorker, LastExit } from '../../shared/stats.js';
import { sanitizeShort } from './sanitize.js';
import { type WorkerKind, workerCondition } from './worker-state.js';

/** Ends that somebody asked for, or a rule: nothing broke. */
const ORDERLY: ReadonlySet<string> = new Set([
  ...['stop', 'reload', 'drained', 'cheap', 'max-requests', 'lifetime', 'rss', 'uss', 'heap'],
]);

/** What became of the workers between two documents of one server, a sentence each. */
export function workerChanges(before: DecodedInstance, now: DecodedInstance): readonly string[] {
  const old = new Map(before.workers.map((worker) => [worker.id, worker]));
  const gone = before.workers.filter(({ id }) => !now.workers.some((each) => each.id === id));
  return [
    ...now.workers.flatMap((worker) => {
      // All workers that a uWSGI never spawned have the id 0: they cannot be told apart.
      if (worker.id === 0) return [];
      const earlier = old.get(worker.id);
      if (earlier === undefined) return [`worker ${worker.id} was added`];
      return changesOf(earlier, worker);
    }),
    ...gone.filter(({ id }) => id > 0).map(({ id }) => `worker ${id} is gone`),
  ];
}

function changesOf(before: DecodedWorker, now: DecodedWorker): readonly string[] {
  const name = `worker ${now.id}`;
  if (isOtherProcess(before, now)) return [`${name} ${succession(before, now)}`];
  const was = workerCondition(before);
  const is = workerCondition(now);
  const turned = was.kind === is.kind ? [] : [`${name} ${turn(was.kind, is.kind, is.word)}`];
  return [
    ...turned,
    ...more(before.exceptions, now.exceptions, `exception in ${name}`, `exceptions in ${name}`),
    ...more(
      before.harakiri_count,
      now.harakiri_count,
      `harakiri in ${name}`,
      `harakiris in ${name}`,
    ),
  ];
}

function isOtherProcess(before: DecodedWorker, now: DecodedWorker): boolean {
  return before.pid !== now.pid || (now.pid !== 0 && before.last_spawn !== now.last_spawn);
}

/** How one process followed on another, or on none. */
function succession(before: DecodedWorker, now: DecodedWorker): string {
  const { kind } = workerCondition(now);
  if (before.pid === 0) return `was started: pid ${now.pid}`;
  const exit = now.last_exit ?? null;
  const known = exit !== null && exit.pid === before.pid ? exit : null;
  const heir = now.pid === 0 ? heirless(kind) : `pid ${now.pid} replaced it`;
  if (known === null) {
    return now.pid === 0
      ? `has no process any more: pid ${before.pid} ended, ${heir}`
      : `has a new process: pid ${now.pid} replaced ${before.pid}`;
  }
  if (ORDERLY.has(known.reason)) return `ended in order (${reasonOf(known)}), ${heir}`;
  return `died: ${howItEnded(known)}, ${heir}`;
}

function heirless(kind: WorkerKind): string {
  if (kind === 'cheap') return 'fewer workers are wanted now';
  return kind === 'backoff' ? 'the next one waits' : 'none replaced it yet';
}

function howItEnded(exit: LastExit): string {
  const reason = reasonOf(exit);
  if (exit.signal !== null) return `killed by ${sanitizeShort(exit.signal, 16)} (${reason})`;
  return exit.code === null ? reason : `exit code ${exit.code} (${reason})`;
}

function reasonOf({ reason }: LastExit): string {
  return sanitizeShort(reason, 40);
}

/** What a state is called when it begins; the others become their own word. */
const BEGINNINGS: Readonly<Partial<Record<WorkerKind, string>>> = {
  stuck: 'is stuck: its event loop is blocked',
  start: 'is starting',
  drain: 'finishes its requests and accepts no more',
  pause: 'is paused',
  cheap: 'is not wanted now',
  backoff: 'waits before its next start',
  dead: 'has no process',
};

/** One state after another of the same process. */
function turn(was: WorkerKind, is: WorkerKind, word: string): string {
  const beginning = BEGINNINGS[is];
  if (beginning !== undefined) return beginning;
  if (was === 'start') return `is ready, ${word}`;
  return was === 'stuck' ? `turns again, ${word}` : `became ${word}`;
}

/** A count that grew, as `2 more exceptions, 14 in all`. */
function more(
  before: number | undefined,
  now: number | undefined,
  one: string,
  many: string,
): readonly string[] {
  if (before === undefined || now === undefined || now <= before) return [];
  const grown = now - before;
  return [`${grown} more ${grown === 1 ? one : many}, ${now} in all`];
}
