/** Lines that a stranger may cause in a minute. */
export const STRANGER_LINES = 30;

/**
 * A log for lines that anyone who can connect may cause: at most `perMinute` of them in a minute,
 * so that nobody fills a disk from outside. The last one says that more are left out.
 * `now` is the monotonic clock in milliseconds.
 */
export function boundedLog(
  log: (line: string) => void,
  perMinute: number,
  now: () => number,
): (line: string) => void {
  let windowStart = now();
  let lines = 0;
  return (line) => {
    if (now() - windowStart >= 60_000) {
      windowStart = now();
      lines = 0;
    }
    lines++;
    if (lines <= perMinute) log(line);
    else if (lines === perMinute + 1) log('control: more refusals are not logged for a minute');
  };
}
