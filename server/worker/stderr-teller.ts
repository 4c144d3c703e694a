import { allocateTail, keepTail, readTail } from './stderr-tail.js';

/** What of a process the teller works on. */
export interface ToldProcess {
  readonly stderr: NodeJS.WriteStream;
  once(event: 'exit', listener: () => void): unknown;
}

/** Tasks may write without end: more often than `BURST` in `WINDOW_MS` nothing is told. */
const BURST = 20;
const WINDOW_MS = 500;

/**
 * Tells the end of what is written to stderr from now on: with each piece, so that the master has it
 * also when the next thing blocks the event loop or kills the process. Of more than a burst of them
 * the rest is told a little later, or at the exit. What goes through the function that is returned is
 * written and not told.
 */
export function tellStderr(
  process: ToldProcess,
  tell: (lines: readonly string[]) => void,
): (text: string) => void {
  const tail = allocateTail();
  let pieces = 0;
  let window: NodeJS.Timeout | null = null;
  const tellNow = (): void => {
    tell(readTail(tail) ?? []);
  };
  const close = (): void => {
    window = null;
    if (pieces > BURST) tellNow();
    pieces = 0;
  };
  const write = keepTail(process.stderr, tail, () => {
    pieces++;
    window ??= setTimeout(close, WINDOW_MS).unref();
    if (pieces <= BURST) tellNow();
  });
  process.once('exit', close);
  return write;
}
