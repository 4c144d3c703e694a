import { type Cursor, move } from './cursor-moves.js';
import { type Grid, SPACE } from './grid.js';
import { BLANK, change, type LookCode, looksOfBlank } from './look-code.js';

/** Where the terminal writes next, and how it looks then. */
export interface Pen {
  /** To a place, over what stands between when that is shorter than around it. */
  reach(y: number, x: number): string;
  /** The look of a sign. */
  take(look: LookCode): string;
  /** A look for blanks: one that differs from it in nothing that a blank shows will do. */
  takeForBlank(look: LookCode): string;
  /** So many signs were written where it was. */
  wrote(signs: number): void;
}

/** A pen in the terminal's own look, which is at no known place yet. */
export function createPen(grid: Grid): Pen {
  let at: Cursor | undefined;
  let held: LookCode = BLANK;
  const take = (look: LookCode): string => {
    const bytes = change(held, look);
    held = look;
    return bytes;
  };
  return {
    reach(y, x) {
      const moved = at?.y === y && at.x === x ? '' : move(at, { y, x });
      const written =
        at?.y === y ? writtenOver(grid, { y, from: at.x, to: x }, held, moved.length) : undefined;
      at = { y, x };
      return written ?? moved;
    },
    take,
    takeForBlank: (look) => (looksOfBlank(held) === look ? '' : take(look)),
    wrote(signs) {
      // Behind the last column terminals disagree on where they are.
      at =
        at === undefined || at.x + signs >= grid.width ? undefined : { y: at.y, x: at.x + signs };
    },
  };
}

/** The signs between two columns as text, when that is no longer than the way around them. */
function writtenOver(
  { width, signs, looks }: Grid,
  { y, from, to }: { readonly y: number; readonly from: number; readonly to: number },
  look: LookCode,
  limit: number,
): string | undefined {
  if (to < from || to - from > limit) return undefined;
  let text = '';
  for (let place = y * width + from; place < y * width + to; place++) {
    const sign = signs[place] ?? SPACE;
    const isAlike = sign === SPACE ? looks[place] === looksOfBlank(look) : looks[place] === look;
    if (sign > 0x7e || !isAlike) return undefined;
    text += String.fromCharCode(sign);
  }
  return text;
}
