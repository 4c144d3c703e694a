const two = (value: number): string => value.toString().padStart(2, '0');

/** The last millisecond that a `Date` can hold (ECMA-262, 21.4.1.1). */
const LAST_MS = 8.64e15;

/** Seconds since 1970 as a date; null for what is none, as a server may claim. */
function dateOf(seconds: number): Date | null {
  const ms = Math.round(seconds * 1000);
  return ms >= 0 && ms <= LAST_MS ? new Date(ms) : null;
}

/** Seconds since 1970 as the time of day here: `14:03:27`. */
export function timeOfDay(seconds: number): string {
  const date = dateOf(seconds);
  if (date === null) return '--:--:--';
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
}

/** Seconds since 1970 as date and time of day here: `2026-11-25 14:03:27`. */
export function dateAndTime(seconds: number): string {
  const date = dateOf(seconds);
  if (date === null) return '---------- --:--:--';
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${timeOfDay(seconds)}`;
}

/** Seconds since 1970 in ISO 8601, with milliseconds, in UTC; empty for what is no time. */
export function isoTime(seconds: number): string {
  return dateOf(seconds)?.toISOString() ?? '';
}
