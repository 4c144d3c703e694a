/** Lets so many things a second through. */
export interface Throttle {
  /** Whether one more may pass. */
  admit(): boolean;
  /** Tells of those that did not pass yet. */
  flush(): void;
}

const SECOND_MS = 1000;

/** Calls back once after a time, without keeping the process alive. */
export type After = (ms: number, act: () => void) => void;

const after: After = (ms, act) => {
  setTimeout(act, ms).unref();
};

/**
 * Whoever sends rubbish as fast as he can must not fill a disk with lines that say so: `most` pass in
 * a second, and at its end `tellMore` is told how many did not.
 */
export function createThrottle(
  most: number,
  tellMore: (more: number) => void,
  wait: After = after,
): Throttle {
  let passed = 0;
  let held = 0;
  const flush = (): void => {
    const more = held;
    held = 0;
    if (more > 0) tellMore(more);
  };
  return {
    admit() {
      if (passed === 0) {
        wait(SECOND_MS, () => {
          passed = 0;
          flush();
        });
      }
      if (passed >= most) {
        held++;
        return false;
      }
      passed++;
      return true;
    },
    flush,
  };
}

/** The lines of `say`, so many a second. */
export function throttled(
  most: number,
  say: (line: string) => void,
  wait?: After,
): (line: string) => void {
  const throttle = createThrottle(
    most,
    (more) => {
      say(`and ${more} more lines like these within a second`);
    },
    wait,
  );
  return (line) => {
    if (throttle.admit()) say(line);
  };
}
