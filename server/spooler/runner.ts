import { messageOf } from '../../shared/result.js';
import type { ClaimedTask, Outcome, Queue } from '../queue/contract.js';
import { QueueError, type QueueErrorCode } from '../queue/queue-error.js';
import type { RunEnd, RunFrame } from '../wire/spooler-frames.js';
import type { TaskContext, TaskFunction } from './tasks.js';

/** What a runner works with. */
export interface RunnerParts {
  readonly queue: Pick<Queue, 'claim' | 'settle'>;
  readonly tasks: ReadonlyMap<string, TaskFunction>;
  /** How many tasks are run at a time. */
  readonly concurrency: number;
  /** After how many runs it claims no more; 0 for never. */
  readonly maxTasks: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Calls back after so many milliseconds, unless the returned function is called before. */
  readonly later: (ms: number, run: () => void) => () => void;
  readonly listener: RunnerListener;
}

/** Who hears what becomes of the tasks. */
export interface RunnerListener {
  /** A task is about to be run: it is heard before the task's own code runs. */
  began(run: RunFrame): void;
  progress(id: string, share: number): void;
  ended(id: string, how: RunEnd, ms: number): void;
  /** After its end: it is not run again, and this is what went wrong in its last run. */
  failed(task: Pick<ClaimedTask, 'id' | 'name' | 'attempt'>, error: string): void;
  /** It has run as many tasks as it may. */
  spent(): void;
  /** Something is wrong with the queue; a sentence for the log. */
  problem(text: string): void;
}

export interface Runner {
  /** There may be something to claim. */
  wake(): void;
  /** Claims no more; settles when the last run has ended. */
  drain(): Promise<void>;
}

/** After how long it is tried again to tell a queue how a run ended. */
const SETTLE_AGAIN_MS = 1000;

/** A queue that says so will never be told. */
const LOST: ReadonlySet<QueueErrorCode> = new Set(['not claimed', 'closed']);

/** So many claims are under way at most: a queue across a network gives them side by side. */
const MOST_CLAIMS = 16;

/** Claims tasks while there is room, runs them, and tells the queue how that ended. */
export function createRunner(parts: RunnerParts): Runner {
  const { queue, concurrency, maxTasks, listener } = parts;
  const running = new Set<Promise<void>>();
  const claims = new Set<Promise<void>>();
  let claimed = 0;
  let isDraining = false;
  /** How many claims may be under way: one where it is not known whether there is anything. */
  let allowed = 1;
  let isDry = true;
  let wakes = 0;
  const ask = createAsk(queue, listener);
  const isSpent = (): boolean => maxTasks > 0 && claimed >= maxTasks;
  const hasRoom = (): boolean =>
    running.size + claims.size < concurrency &&
    (maxTasks === 0 || claimed + claims.size < maxTasks);
  const begin = (task: ClaimedTask): void => {
    claimed++;
    const run = runTask(task, parts).finally(() => {
      running.delete(run);
      wake();
    });
    running.add(run);
  };
  const claim = async (): Promise<void> => {
    const asked = wakes;
    const task = await ask();
    allowed = task === null ? 1 : Math.min(MOST_CLAIMS, allowed * 2);
    // Something may have come since it was asked.
    if (task === null) isDry ||= asked === wakes;
    else if (isDraining) await settle(task, { type: 'returned' }, parts);
    else begin(task);
  };
  const fill = (): void => {
    while (!isDry && !isDraining && claims.size < allowed && hasRoom()) {
      const one = claim().finally(() => {
        claims.delete(one);
        fill();
      });
      claims.add(one);
    }
    // Said again with each look: a replacement may have failed.
    if (isSpent() && !isDraining) listener.spent();
  };
  const wake = (): void => {
    wakes++;
    isDry = false;
    fill();
  };
  return {
    wake,
    async drain() {
      isDraining = true;
      await Promise.all(claims);
      await Promise.all(running);
    },
  };
}

/** Asks a queue for a task. Null: there was none, or it could not be asked. */
function createAsk(
  queue: Pick<Queue, 'claim'>,
  listener: Pick<RunnerListener, 'problem'>,
): () => Promise<ClaimedTask | null> {
  let lastProblem = '';
  return async () => {
    try {
      const task = await queue.claim();
      lastProblem = '';
      return task;
    } catch (error) {
      // It is tried again when the queue is looked at next; said once while it is the same.
      const problem = `cannot take tasks from the queue: ${messageOf(error)}`;
      if (problem !== lastProblem) listener.problem(problem);
      lastProblem = problem;
      return null;
    }
  };
}

/** Runs one task to its end. Its own errors are an outcome, so it never rejects. */
async function runTask(task: ClaimedTask, parts: RunnerParts): Promise<void> {
  const { id, name, attempt, order } = task;
  const { now, listener } = parts;
  const beganAt = now();
  listener.began({ id, name, attempt, timeoutMs: order.timeout });
  const outcome = await outcomeOf(task, parts);
  const ms = now() - beganAt;
  const how = await settle(task, outcome, parts);
  listener.ended(id, how, ms);
  if (how === 'failed' && outcome.type === 'failed') listener.failed(task, outcome.error);
}

async function outcomeOf(task: ClaimedTask, parts: RunnerParts): Promise<Outcome> {
  const { name, order } = task;
  const run = parts.tasks.get(name);
  if (run === undefined) {
    const known = [...parts.tasks.keys()].slice(0, 12).join(', ');
    const error = `no task is called ${JSON.stringify(name)}: the module of --spooler-import has ${known}`;
    return { type: 'failed', error };
  }
  const limit = new AbortController();
  const { timeout } = order;
  const timeoutError = `it took longer than its timeout of ${(timeout ?? 0) / 1000} seconds`;
  const cancel =
    timeout === null
      ? () => undefined
      : parts.later(timeout, () => {
          limit.abort(new Error(timeoutError));
        });
  try {
    await run(task.payload, contextOf(task, limit.signal, parts));
    return limit.signal.aborted ? { type: 'failed', error: timeoutError } : { type: 'done' };
  } catch (error) {
    // What a run says that was told to give up is of no interest.
    return { type: 'failed', error: limit.signal.aborted ? timeoutError : describe(error) };
  } finally {
    cancel();
  }
}

function contextOf(task: ClaimedTask, signal: AbortSignal, { listener }: RunnerParts): TaskContext {
  const { id, name, attempt, order, spooledAt, body } = task;
  return {
    ...{ id, name, attempt, retries: order.retries, signal, spooledAt, body },
    progress(share) {
      if (share >= 0 && share <= 1) listener.progress(id, share);
      else throw new RangeError(`progress(${share}): a share is a number from 0 to 1`);
    },
  };
}

/** A queue that cannot be told now is told later: till then the task keeps its place here. */
async function settle(
  task: ClaimedTask,
  outcome: Outcome,
  { queue, later, listener }: Pick<RunnerParts, 'queue' | 'later' | 'listener'>,
): Promise<RunEnd> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await queue.settle(task, outcome);
    } catch (error) {
      if (error instanceof QueueError && LOST.has(error.code)) {
        listener.problem(messageOf(error));
        return 'returned';
      }
      const what = `cannot tell the queue that task ${task.id} is ${outcome.type}`;
      if (isFirst) listener.problem(`${what}, trying again: ${messageOf(error)}`);
      await new Promise<void>((resolve) => later(SETTLE_AGAIN_MS, resolve));
    }
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : `thrown: ${String(error)}`;
}
