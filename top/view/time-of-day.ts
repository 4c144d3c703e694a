const two = (value: number): string => value.toString().padStart(2, '0');

/** Seconds since 1970 as a date; null for what is none, as a server may claim, or of no common year. */
function dateOf(seconds: number): Date | null {
  const date = new Date(Math.round(seconds * 1000));
  return date.getTime() >= 0 && date.getFullYear() <= 9999 ? date : null;
}

/** Seconds since 1970 as the time of day here: `14:03:27`. */
export function timeOfDay(seconds: number): string {
  const date = dateOf(seconds);
  if (date === null) return '--:--:--';
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
}

/** Seconds since 1970 as the date here: `2026-11-25`. */
export function calendarDay(seconds: number): string {
  const date = dateOf(seconds);
  if (date === null) return '----------';
  return [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
}

/** Seconds since 1970 as date and time of day here: `2026-11-25 14:03:27`. */
export function dateAndTime(seconds: number): string {
  return `${calendarDay(seconds)} ${timeOfDay(seconds)}`;
}

/** Seconds since 1970 in ISO 8601, with milliseconds, in UTC; empty for what is no time. */
export function isoTime(seconds: number): string {
  return dateOf(seconds)?.toISOString() ?? '';
}
