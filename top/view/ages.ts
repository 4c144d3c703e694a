import { duration } from '../../shared/units.js';

/** Seconds as an age: a decimal below ten, and never more than six columns. */
export function age(seconds: number): string {
  return seconds < 9.95 ? `${Math.max(0, seconds).toFixed(1)}s` : duration(seconds);
}

/**
 * Seconds as an age in a column of many: from ten minutes on without seconds, which say nothing then
 * and would change each line of a table with every tick.
 */
export function columnAge(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes >= 10 && minutes < 60 ? `${minutes}m` : duration(seconds);
}
