import { duration } from '../../shared/units.js';

/** Seconds as an age: a decimal below ten, and never more than six columns. */
export function age(seconds: number): string {
  return seconds < 9.95 ? `${Math.max(0, seconds).toFixed(1)}s` : duration(seconds);
}
