const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** C's `ctime`, in local time: `Sun Nov 22 10:52:39 2026`. */
export function ctime(date: Date): string {
  const day = String(date.getDate()).padStart(2, ' ');
  return `${DAYS[date.getDay()] ?? ''} ${month(date)} ${day} ${clock(date)} ${date.getFullYear()}`;
}

/** As Apache writes it: `22/Nov/2026:10:52:39 +0100`. */
export function apacheTime(date: Date): string {
  const east = -date.getTimezoneOffset();
  const zone = `${two(Math.floor(Math.abs(east) / 60))}${two(Math.abs(east) % 60)}`;
  return `${two(date.getDate())}/${month(date)}/${date.getFullYear()}:${clock(date)} ${east < 0 ? '-' : '+'}${zone}`;
}

/** `ctime` of milliseconds; lines come many a second, and a second has one text. */
export function createCtime(): (ms: number) => string {
  let second = NaN;
  let text = '';
  return (ms) => {
    const now = Math.floor(ms / 1000);
    if (now !== second) {
      second = now;
      text = ctime(new Date(ms));
    }
    return text;
  };
}

function month(date: Date): string {
  return MONTHS[date.getMonth()] ?? '';
}

function clock(date: Date): string {
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
