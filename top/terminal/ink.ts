import type { Row } from './cells.js';
import { BLANK, change, lookCode, type LookCode, looksOfBlank } from './look-code.js';
import { type Cursor, move } from './cursor-moves.js';
import type { Look } from './theme.js';

/** A piece of one line of the screen: cells from a column on, which may lie beyond its edges. */
export interface Strip {
  readonly row: Row;
  readonly left: number;
}

/** The strips of a line, from the lowest to the uppermost. */
export type Strips = readonly Strip[];

export interface Ink {
  /**
   * The fewest bytes that we know of that turn what was drawn last into these lines, one a line
   * of the screen; empty when nothing differs.
   */
  draw(lines: readonly Strips[]): string;
}

/** A place on the screen that was drawn on: a UTF-16 unit, and how it looks. */
interface Grid {
  readonly width: number;
  readonly signs: Uint16Array;
  readonly looks: Int32Array;
}

const SPACE = 0x20;
const CLEAR = '\x1b[m\x1b[2J';
const ERASE_TO_END = '\x1b[K';

/**
 * Draws for a terminal of this size whose content is unknown: the first drawing clears it.
 *
 * blessed's own drawing compares every cell of each frame, and spends a sequence of four bytes on
 * a single space. Here a line of the same strips as before is passed over, unseen differences (the
 * colour of a blank) are none, and of the ways to the next cell the shortest is taken.
 */
export function createInk(width: number, height: number): Ink {
  const shown: Grid = blankGrid(width, height);
  const wanted: Grid = blankGrid(width, 1);
  let before: readonly Strips[] | undefined;

  return {
    draw(lines) {
      const pen = createPen();
      let bytes = before === undefined ? CLEAR : '';
      for (let y = 0; y < height; y++) {
        const strips = lines[y] ?? [];
        if (before !== undefined && sameStrips(before[y] ?? [], strips)) continue;
        compose(strips, wanted);
        bytes += drawLine({ y, shown, wanted, pen });
      }
      before = lines;
      return bytes + pen.rest();
    },
  };
}

function blankGrid(width: number, height: number): Grid {
  return {
    width,
    signs: new Uint16Array(width * height).fill(SPACE),
    looks: new Int32Array(width * height).fill(BLANK),
  };
}

function sameStrips(a: Strips, b: Strips): boolean {
  return (
    a.length === b.length &&
    b.every(({ row, left }, at) => row === a[at]?.row && left === a[at].left)
  );
}

/** What the strips look like from above. */
function compose(strips: Strips, { width, signs, looks }: Grid): void {
  signs.fill(SPACE);
  looks.fill(BLANK);
  let last: Look | undefined;
  let look = BLANK;
  for (const { row, left } of strips) {
    const end = Math.min(row.length, width - left);
    for (let at = Math.max(0, -left); at < end; at++) {
      const cell = row[at];
      if (cell === undefined) continue;
      const sign = cell.character.charCodeAt(0);
      // Most neighbours look alike.
      if (cell.look !== last) look = lookCode((last = cell.look));
      signs[left + at] = sign;
      looks[left + at] = sign === SPACE ? looksOfBlank(look) : look;
    }
  }
}

/** The bytes for one line; what is shown is brought up to date with them. */
function drawLine({
  y,
  shown,
  wanted,
  pen,
}: {
  readonly y: number;
  readonly shown: Grid;
  readonly wanted: Grid;
  readonly pen: Pen;
}): string {
  const { width, signs, looks } = wanted;
  const from = y * width;
  const differs = (x: number): boolean =>
    signs[x] !== shown.signs[from + x] || looks[x] !== shown.looks[from + x];
  const end = inkedWidth(wanted);
  let bytes = '';
  for (let x = 0; x < end; x++) {
    if (!differs(x)) continue;
    bytes += pen.reach(y, x, wanted) + pen.put(signs[x] ?? SPACE, looks[x] ?? BLANK, width);
  }
  for (let x = end; x < width; x++) {
    if (!differs(x)) continue;
    bytes += pen.reach(y, x, wanted) + pen.takeForBlank(BLANK) + ERASE_TO_END;
    break;
  }
  shown.signs.set(signs, from);
  shown.looks.set(looks, from);
  return bytes;
}

/** How much of a line is more than the terminal's own ground. */
function inkedWidth({ width, signs, looks }: Grid): number {
  let end = width;
  while (end > 0 && signs[end - 1] === SPACE && looks[end - 1] === BLANK) end--;
  return end;
}

/** Where the terminal writes next, and how it looks then. */
interface Pen {
  /** From where it is to a cell of this line, over what the line shows when that is shorter. */
  reach(y: number, x: number, line: Grid): string;
  /** A look for blanks: one that differs from it in nothing that a blank shows will do. */
  takeForBlank(look: LookCode): string;
  /** A sign where it is. */
  put(sign: number, look: LookCode, width: number): string;
  /** Back to the terminal's own look, when it has another. */
  rest(): string;
}

function createPen(): Pen {
  let at: Cursor | undefined;
  let held: LookCode = BLANK;
  const take = (look: LookCode): string => {
    const bytes = change(held, look);
    held = look;
    return bytes;
  };
  const takeForBlank = (look: LookCode): string => (looksOfBlank(held) === look ? '' : take(look));
  return {
    reach(y, x, line) {
      const moved = at?.y === y && at.x === x ? '' : move(at, { y, x });
      const written = at?.y === y ? writtenOver(line, [at.x, x], held, moved.length) : undefined;
      at = { y, x };
      return written ?? moved;
    },
    takeForBlank,
    put(sign, look, width) {
      const taken = sign === SPACE ? takeForBlank(look) : take(look);
      const bytes = taken + String.fromCharCode(sign);
      // Behind the last column terminals disagree on where they are.
      at = at === undefined || at.x + 1 >= width ? undefined : { y: at.y, x: at.x + 1 };
      return bytes;
    },
    rest: () => take(BLANK),
  };
}

/** The cells between two columns as text, when that is no longer than the way around them. */
function writtenOver(
  { signs, looks }: Grid,
  [from, to]: readonly [number, number],
  look: LookCode,
  limit: number,
): string | undefined {
  if (to < from || to - from > limit) return undefined;
  let text = '';
  for (let x = from; x < to; x++) {
    const sign = signs[x] ?? SPACE;
    const isAlike = sign === SPACE ? looks[x] === looksOfBlank(look) : looks[x] === look;
    if (sign > 0x7e || !isAlike) return undefined;
    text += String.fromCharCode(sign);
  }
  return text;
}
