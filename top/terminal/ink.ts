import type { Row } from './cells.js';
import { blankGrid, type Grid, SPACE } from './grid.js';
import { BLANK, lookCode, looksOfBlank } from './look-code.js';
import { shortestDrawing, type Stroke, strokesBetween } from './strokes.js';
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

const CLEAR = '\x1b[m\x1b[2J';

/**
 * Draws for a terminal of this size whose content is unknown: the first drawing clears it.
 *
 * blessed's own drawing compares every cell of each frame, and spends a sequence of four bytes on
 * a single space. Here a line of the same strips as before is passed over, unseen differences (the
 * colour of a blank) are none, of the ways to the next cell the shortest is taken, and what looks alike
 * is drawn together where that is shorter.
 */
export function createInk(width: number, height: number): Ink {
  const shown = blankGrid(width, height);
  const line = blankGrid(width, 1);
  let before: readonly Strips[] | undefined;

  return {
    draw(lines) {
      const strokes: Stroke[] = [];
      for (let y = 0; y < height; y++) {
        const strips = lines[y] ?? [];
        if (before !== undefined && sameStrips(before[y] ?? [], strips)) continue;
        compose(strips, line);
        strokes.push(...strokesBetween(shown, line, y));
        shown.signs.set(line.signs, y * width);
        shown.looks.set(line.looks, y * width);
      }
      const cleared = before === undefined ? CLEAR : '';
      before = lines;
      return cleared + shortestDrawing(strokes, shown);
    },
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
