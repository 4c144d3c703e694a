import { setTimeout as pause } from 'node:timers/promises';
import { watchPending } from './application/pending.js';
import { stackOf } from './failures.js';

/** What is to be done between the last request and the exit. */
export interface Parting {
  /** What the application has prepared for its end, if anything. */
  readonly close: (() => unknown) | undefined;
  /** The application's own listeners for SIGTERM, as they are once it is closed. */
  readonly terminators: () => readonly (() => unknown)[];
  readonly say: (line: string) => void;
  /** Resolves when nothing that the application began is under way any more, or was for too long. */
  readonly quiet: () => Promise<void>;
}

/**
 * Lets an application say goodbye: first what it exported is awaited, then its SIGTERM listeners
 * are called, which believe that the process was told to end. What an asynchronous one promises is
 * awaited. One that returned nothing may have begun something with a callback (`pool.end(exit)`),
 * so that the worker then waits until it is quiet. What fails is said, and the rest goes on. How
 * long all of it may take is for whoever waits for the process to be gone.
 */
export async function sayFarewell(parting: Parting): Promise<void> {
  const { close, say } = parting;
  if (close !== undefined) await attempt(close, 'the application failed to close', say);
  const answers = parting
    .terminators()
    .map((listener) => attempt(listener, "the application's SIGTERM listener failed", say));
  if ((await Promise.all(answers)).includes('silent')) await parting.quiet();
}

/** Whether it gave something to wait for, or only returned. */
async function attempt(
  action: () => unknown,
  failure: string,
  say: (line: string) => void,
): Promise<'awaited' | 'silent'> {
  try {
    const answer = action();
    if (!isThenable(answer)) return 'silent';
    await answer;
  } catch (error) {
    say(`${failure}: ${stackOf(error)}`);
  }
  return 'awaited';
}

function isThenable(value: unknown): boolean {
  return typeof Reflect.get(Object(value) as object, 'then') === 'function';
}

/** An application with a timer that runs for ever would else always be waited for in vain. */
const QUIET_LIMIT_MS = 5000;

/**
 * Waits until no more is under way in this process than `baseline` says, as in a program of its own
 * Node would wait before it exits; five seconds at most.
 */
export async function untilQuiet(baseline: readonly string[]): Promise<void> {
  const watch = watchPending(baseline);
  await Promise.race([watch.nothingPending, pause(QUIET_LIMIT_MS, undefined, { ref: false })]);
  watch.stop();
}
