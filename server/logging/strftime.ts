import { didYouMean } from '../../shared/likely.js';
import { ctime } from '../request-log/times.js';
import type { Problem } from '../../shared/problem.js';
import { SYNTAX_PROBLEMS } from '../options/problems/values.js';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS =
  'January February March April May June July August September October November December'.split(
    ' ',
  );

const two = (value: number): string => String(value).padStart(2, '0');
const day = (date: Date): string => two(date.getDate());
const monthOf = (date: Date): string => two(date.getMonth() + 1);
const clock = (date: Date): string =>
  `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
const hour12 = (date: Date): string => two(date.getHours() % 12 === 0 ? 12 : date.getHours() % 12);

function zone(date: Date): string {
  const east = -date.getTimezoneOffset();
  const minutes = Math.abs(east);
  return `${east < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}

function dayOfYear(date: Date): number {
  const start = Date.UTC(date.getFullYear(), 0, 1);
  return (Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - start) / 86_400_000 + 1;
}

/** C's conversions in the locale `C`, local time; `%L`, milliseconds, is Ruby's and of use in a log. */
const CONVERSIONS: Readonly<Record<string, (date: Date) => string>> = {
  a: (date) => (DAYS[date.getDay()] ?? '').slice(0, 3),
  A: (date) => DAYS[date.getDay()] ?? '',
  b: (date) => (MONTHS[date.getMonth()] ?? '').slice(0, 3),
  B: (date) => MONTHS[date.getMonth()] ?? '',
  c: ctime,
  d: day,
  e: (date) => String(date.getDate()).padStart(2, ' '),
  F: (date) => `${date.getFullYear()}-${monthOf(date)}-${day(date)}`,
  H: (date) => two(date.getHours()),
  I: hour12,
  j: (date) => String(dayOfYear(date)).padStart(3, '0'),
  L: (date) => String(date.getMilliseconds()).padStart(3, '0'),
  m: monthOf,
  M: (date) => two(date.getMinutes()),
  p: (date) => (date.getHours() < 12 ? 'AM' : 'PM'),
  R: (date) => clock(date).slice(0, 5),
  s: (date) => String(Math.floor(date.getTime() / 1000)),
  S: (date) => two(date.getSeconds()),
  T: clock,
  y: (date) => two(date.getFullYear() % 100),
  Y: (date) => String(date.getFullYear()),
  z: zone,
  '%': () => '%',
};

/** Why a format cannot be used; null when it can. */
export function checkDateFormat(format: string): Problem | null {
  if (/\p{Cc}/u.test(format)) return SYNTAX_PROBLEMS.logControl(format);
  for (const [written, letter = ''] of format.matchAll(/%(.?)/gsu)) {
    if (Object.hasOwn(CONVERSIONS, letter)) continue;
    const known = Object.keys(CONVERSIONS);
    const names = known.map((name) => `%${name}`).join(' ');
    return SYNTAX_PROBLEMS.dateUnknown(written, format, didYouMean(known, letter), names);
  }
  return null;
}

/** Writes a time as `strftime` does; `ms` is since 1970. Lines come many at a time, so one text is kept. */
export function createDateWriter(format: string): (ms: number) => string {
  let known = NaN;
  let text = '';
  return (ms) => {
    if (ms !== known) {
      const date = new Date(ms);
      known = ms;
      text = format.replace(/%(.)/gsu, (_, letter: string) => CONVERSIONS[letter]?.(date) ?? '');
    }
    return text;
  };
}
