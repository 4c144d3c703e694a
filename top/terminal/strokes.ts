import { type Grid, SPACE } from './grid.js';
import { BLANK, type LookCode, looksOfBlank } from './look-code.js';
import { createPen, type Pen } from './pen.js';

const ERASE_TO_END = '\x1b[K';

/** Places side by side in one line that are drawn at once, in one look. */
export interface Stroke {
  readonly y: number;
  readonly x: number;
  /** The column behind the last of them; that of `x` when the rest of the line is erased. */
  end: number;
  look: LookCode;
  /** Without a sign among them: whatever a blank does not show is free in their look. */
  isBlank: boolean;
}

/**
 * What has to be drawn so that line `y`, which is `shown` yet, becomes the only line of `wanted`:
 * the places that differ, and where nothing follows but the terminal's own ground, one stroke that
 * erases the rest.
 */
export function strokesBetween(shown: Grid, wanted: Grid, y: number): readonly Stroke[] {
  const { width, signs, looks } = wanted;
  const from = y * width;
  const differs = (x: number): boolean =>
    signs[x] !== shown.signs[from + x] || looks[x] !== shown.looks[from + x];
  const end = inkedWidth(wanted);
  const strokes: Stroke[] = [];
  let last: Stroke | undefined;
  for (let x = 0; x < end; x++) {
    if (!differs(x)) continue;
    const isBlank = signs[x] === SPACE;
    const look = looks[x] ?? BLANK;
    if (last?.end === x && joins(last, look, isBlank)) continue;
    strokes.push((last = { y, x, end: x + 1, look, isBlank }));
  }
  for (let x = end; x < width; x++) {
    if (!differs(x)) continue;
    strokes.push({ y, x, end: x, look: BLANK, isBlank: true });
    break;
  }
  return strokes;
}

/** How much of a line is more than the terminal's own ground. */
function inkedWidth({ width, signs, looks }: Grid): number {
  let end = width;
  while (end > 0 && signs[end - 1] === SPACE && looks[end - 1] === BLANK) end--;
  return end;
}

/** Makes a stroke one place longer, if it can have that place's look as well. */
function joins(stroke: Stroke, look: LookCode, isBlank: boolean): boolean {
  if (isBlank) {
    if (looksOfBlank(stroke.look) !== look) return false;
  } else if (stroke.isBlank) {
    if (looksOfBlank(look) !== stroke.look) return false;
    stroke.look = look;
    stroke.isBlank = false;
  } else if (stroke.look !== look) return false;
  stroke.end++;
  return true;
}

/**
 * The bytes that draw strokes, given from the top left to the bottom right of what is then `shown`,
 * in the best of three orders: as they come, with the fewest moves; what looks alike in a line
 * together; or what looks alike on the whole screen, with the fewest changes of looks.
 */
export function shortestDrawing(strokes: readonly Stroke[], shown: Grid): string {
  const asTheyCome = drawing(strokes, shown);
  if (strokes.every(({ look }) => look === strokes[0]?.look)) return asTheyCome;
  return [lines(strokes).flatMap(alikeTogether), alikeTogether(strokes)]
    .map((order) => drawing(order, shown))
    .reduce((best, each) => (each.length < best.length ? each : best), asTheyCome);
}

function lines(strokes: readonly Stroke[]): readonly Stroke[][] {
  return [...groups(strokes, ({ y }) => y).values()];
}

/** The terminal's own look first, which the pen begins with. */
function alikeTogether(strokes: readonly Stroke[]): readonly Stroke[] {
  const byLook = groups(strokes, ({ look }) => look);
  const own = byLook.get(BLANK) ?? [];
  byLook.delete(BLANK);
  return [...own, ...[...byLook.values()].flat()];
}

function groups<T>(things: readonly T[], keyOf: (thing: T) => number): Map<number, T[]> {
  const found = new Map<number, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = found.get(key);
    if (group === undefined) found.set(key, [thing]);
    else group.push(thing);
  }
  return found;
}

function drawing(strokes: readonly Stroke[], grid: Grid): string {
  const pen = createPen(grid);
  let bytes = '';
  for (const stroke of strokes) bytes += pen.reach(stroke.y, stroke.x) + drawn(stroke, grid, pen);
  return bytes + pen.take(BLANK);
}

function drawn({ y, x, end, look, isBlank }: Stroke, { width, signs }: Grid, pen: Pen): string {
  let bytes = isBlank ? pen.takeForBlank(look) : pen.take(look);
  if (end === x) return bytes + ERASE_TO_END;
  for (let place = y * width + x; place < y * width + end; place++) {
    bytes += String.fromCharCode(signs[place] ?? SPACE);
  }
  pen.wrote(end - x);
  return bytes;
}
