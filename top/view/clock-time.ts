/** Moments, in seconds since 1970, as people here write them: in the time zone of this machine. */

const two = (value: number): string => String(value).padStart(2, '0');

function dateOf(seconds: number): Date | null {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) || date.getFullYear() > 9999 ? null : date;
}

/** `14:03:27`; a mark of the same width where there is no such time. */
export function clockTime(seconds: number): string {
  const date = dateOf(seconds);
  if (date === null) return '--:--:--';
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
}

/** `2026-11-25`. */
export function calendarDay(seconds: number): string {
  const date = dateOf(seconds);
  if (date === null) return '----------';
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
