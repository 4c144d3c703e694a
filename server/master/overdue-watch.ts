import type { RunFrame } from '../wire/spooler-frames.js';
import { deadlineOf, type OverdueRun, type SpoolerBook } from './decide/spoolers/spooler-book.js';

/** Tells of tasks that take too long, when they do. */
export interface OverdueWatch {
  /** A run has begun, which the book knows. */
  began(run: Pick<RunFrame, 'timeoutMs'>): void;
  /** The process is gone. */
  forget(pid: number): void;
}

/** What the watch works on. */
export interface OverdueParts {
  readonly book: Pick<SpoolerBook, 'overdue' | 'nextOverdue'>;
  /** `--spooler-harakiri`; 0 for no limit. */
  readonly harakiriMs: () => number;
  /** Called once for a process. */
  readonly tell: (run: OverdueRun) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Calls back after so many milliseconds, unless the returned function is called before. */
  readonly later: (ms: number, run: () => void) => () => void;
}

/** A timer takes no more. */
const LONGEST_MS = 2 ** 31 - 1;

/** There is one timer, for the run that is over its limit first. */
export function createOverdueWatch(parts: OverdueParts): OverdueWatch {
  const { book, harakiriMs, tell, now } = parts;
  const told = new Set<number>();
  let cancel = (): void => undefined;
  let firesAt = Infinity;
  const arm = (due: number): void => {
    if (due >= firesAt) return;
    cancel();
    firesAt = due;
    cancel = parts.later(Math.min(LONGEST_MS, Math.max(0, due - now())), look);
  };
  const look = (): void => {
    firesAt = Infinity;
    const at = now();
    for (const run of book.overdue(harakiriMs(), at)) {
      // A process that was told of is being killed.
      if (told.has(run.pid)) continue;
      told.add(run.pid);
      tell(run);
    }
    arm(book.nextOverdue(harakiriMs(), at));
  };
  return {
    began({ timeoutMs }) {
      arm(deadlineOf({ beganAt: now(), timeoutMs }, harakiriMs()));
    },
    forget: (pid) => void told.delete(pid),
  };
}

/**
 * Calls back after the frames were read that had come by then: a master that was stopped for a while
 * hears of the ends of tasks before it takes them for overdue.
 */
export function afterFrames(ms: number, run: () => void): () => void {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (immediate = setImmediate(run)), ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}
