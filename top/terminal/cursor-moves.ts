/** A place on the screen, from zero. */
export interface Cursor {
  readonly y: number;
  readonly x: number;
}

/**
 * The shortest way for the cursor, forwards on a line and down the screen (ECMA-48: CUF, CUB, CUD,
 * CUP, IND). Neither a line feed nor IND ever scrolls, for none leaves the lowest line; what the
 * terminal driver makes of the former, a carriage return before it hides.
 */
export function move(from: Cursor | undefined, to: Cursor): string {
  const absolute = to.x === 0 ? `\x1b[${to.y + 1}H` : `\x1b[${to.y + 1};${to.x + 1}H`;
  if (from === undefined || to.y < from.y) return absolute;
  const down = to.y - from.y;
  const ways = [absolute, downwards(down) + along(from.x, to.x)];
  if (down > 0) ways.push(`\r${'\n'.repeat(down)}${along(0, to.x)}`);
  return ways.reduce((best, way) => (way.length < best.length ? way : best));
}

/** In the same column. One line is IND, which terminals kept when ECMA-48 gave it up: a byte less. */
function downwards(lines: number): string {
  return lines === 1 ? '\x1bD' : times('\x1b[', lines, 'B');
}

/** Along a line. */
function along(from: number, to: number): string {
  if (to >= from) return times('\x1b[', to - from, 'C');
  const back = times('\x1b[', from - to, 'D');
  return from - to < back.length ? '\b'.repeat(from - to) : back;
}

function times(start: string, count: number, end: string): string {
  if (count === 0) return '';
  return count === 1 ? start + end : `${start}${count}${end}`;
}
