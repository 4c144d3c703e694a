import type { QueueChange } from '../../shared/commands.js';
import type { DecodedInstance, RunningTask } from '../../shared/stats.js';
import type { Model } from './model.js';
import { lastOf } from './remember.js';
import { instanceOf } from './table-state.js';

/** A queue as the document has it; null is not known. */
export interface QueueFacts {
  /** As the server calls it, not made safe to draw. */
  readonly queue: string;
  readonly waiting: number | null;
  readonly delayed: number | null;
  readonly inProgress: number | null;
  readonly failed: number | null;
  /** Seconds. */
  readonly oldest: number | null;
  readonly paused: boolean | null;
  /** The processes that work for it, and how many there are with those that do not now. */
  readonly working: number;
  readonly spoolers: number;
  /** Those that have died and wait to be started again. */
  readonly down: number;
  /** Runs that ended, a second. */
  readonly rate: number | null;
  /** Runs that ended, of all its processes. */
  readonly runs: number;
  readonly running: readonly RunningTask[];
}

type Spooler = NonNullable<DecodedInstance['spoolers']>[number];

/** The queues of an instance, in the order of its spoolers; a uWSGI tells of none. */
export const queuesOf = lastOf((instance: DecodedInstance | null): readonly QueueFacts[] => {
  const byQueue = new Map<string, Spooler[]>();
  for (const spooler of instance?.spoolers ?? []) {
    const { queue } = spooler;
    if (queue === undefined) continue;
    byQueue.set(queue, [...(byQueue.get(queue) ?? []), spooler]);
  }
  return [...byQueue].map(([queue, spoolers]) => factsOf(queue, spoolers));
});

function factsOf(queue: string, spoolers: readonly Spooler[]): QueueFacts {
  // Each process of a queue tells the same of it, once it was counted.
  const told = (figure: (spooler: Spooler) => number | null | undefined): number | null =>
    spoolers.map(figure).find((value) => typeof value === 'number') ?? null;
  const sum = (figure: (spooler: Spooler) => number | undefined): number =>
    spoolers.reduce((all, spooler) => all + (figure(spooler) ?? 0), 0);
  const paused = told((spooler) => spooler.paused);
  const rated = spoolers.some(({ tasks_per_s: rate }) => rate !== undefined);
  return {
    queue,
    waiting: told((spooler) => spooler.waiting),
    delayed: told((spooler) => spooler.delayed),
    inProgress: told((spooler) => spooler.in_progress),
    failed: told((spooler) => spooler.failed),
    oldest: told((spooler) => spooler.oldest_age_s),
    paused: paused === null ? null : paused > 0,
    working: spoolers.filter(({ state }) => state === 'ready').length,
    spoolers: spoolers.length,
    down: spoolers.filter(({ state }) => state === 'dead' || state === 'backoff').length,
    rate: rated ? sum((spooler) => spooler.tasks_per_s) : null,
    runs: sum((spooler) => spooler.tasks),
    running: spoolers.flatMap(({ running_tasks: running = [] }) => running),
  };
}

/** The queues of the server that is shown. */
export function shownQueues(model: Model): readonly QueueFacts[] {
  return queuesOf(instanceOf(model));
}

/** What the document says of the queue that a command is about; null when there is none. */
export function queueFor(model: Model, { queue }: Pick<QueueChange, 'queue'>): QueueFacts | null {
  return shownQueues(model).find((facts) => facts.queue === queue) ?? null;
}
