import { err, ok, type Result } from '../../shared/result.js';

/** `--window` without one, in seconds. */
export const DEFAULT_WINDOW_S = 600;
/** Less tells nothing of what grows. */
const LEAST_WINDOW_S = 60;
const MOST_WINDOW_S = 86_400;

const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['s', 1],
  ['m', 60],
  ['h', 3600],
]);

/** Reads `90s`, `10m` or `1h` as seconds; the error is one sentence with what to write. */
export function readWindow(text: string): Result<number, string> {
  const [, digits, unit] = /^(\d{1,6})([smh]?)$/.exec(text.trim()) ?? [];
  const scale = UNITS.get(unit ?? '');
  if (digits === undefined || scale === undefined) {
    return err(`--window "${text}" is no time: write 10m, 90s or 1h`);
  }
  const seconds = Number(digits) * scale;
  if (seconds >= LEAST_WINDOW_S && seconds <= MOST_WINDOW_S) return ok(seconds);
  return err(`--window ${text} is ${seconds} s: from 60s to 24h is possible, and 10m usual`);
}
