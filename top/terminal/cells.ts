import type { Border, Line, SparklinePanel, TextPanel } from '../view/frame.js';
import { looksEqual } from '../view/text.js';
import type { Look, Theme } from './theme.js';

/** One place on the screen. */
export interface Cell {
  readonly character: string;
  readonly look: Look;
}

export type Row = readonly Cell[];

/** How borders are drawn: corners from the top left clockwise, then horizontal and vertical. */
const UNICODE_BORDER = '┌┐┘└─│';
const ASCII_BORDER = '++++-|';

/** A line that was drawn before, and the row that was made of it. */
export interface DrawnLine {
  readonly line: Line;
  /** With what stands at its sides. */
  readonly row: Row;
}

/**
 * The rows of a text panel: exactly its height, each exactly its width. `before` gives what the same
 * panel had there with the same width, border and looks: what did not change is not made again.
 */
export function textCells(
  panel: TextPanel,
  theme: Theme,
  ascii: boolean,
  before: (at: number) => DrawnLine | undefined = () => undefined,
): Row[] {
  const { width, height, lines, border } = panel;
  if (!border) {
    return Array.from({ length: height }, (_, at) =>
      row(lines[at] ?? [], width, { theme, ascii }, before(at)),
    );
  }
  const look = theme[border.style];
  const [topLeft, topRight, bottomRight, bottomLeft, horizontal, vertical] = [
    ...(ascii ? ASCII_BORDER : UNICODE_BORDER).matchAll(/./gu),
  ].map(([character]): Cell => ({ character, look }));
  const inner = Math.max(0, width - 2);
  const edge = (cells: readonly (Cell | undefined)[]): Row =>
    cells.filter((cell) => cell !== undefined).slice(0, width);
  const rule = Array.from({ length: inner }, () => horizontal);
  const title = titleCells(border.title, inner, look, ascii);
  return [
    edge([topLeft, ...title, ...rule.slice(title.length), topRight]),
    ...Array.from({ length: Math.max(0, height - 2) }, (_, at) => {
      const line = lines[at] ?? [];
      const drawn = before(at);
      if (drawn !== undefined && looksEqual(drawn.line, line)) return drawn.row;
      return edge([vertical, ...row(line, inner, { theme, ascii }), vertical]);
    }),
    edge([bottomLeft, ...withFoot(rule, border.foot, look, ascii), bottomRight]),
  ].slice(0, height);
}

/** A title above its blocks, or the blocks alone where there is one row; the newest at the right. */
export function sparklineCells(
  panel: SparklinePanel,
  blocks: string,
  theme: Theme,
  ascii: boolean,
): Row[] {
  const { title, style, width, height } = panel;
  const drawn = ascii ? blocks.replace(/[\u2581-\u2588]/g, asciiBlock) : blocks;
  const line: Line = [{ text: drawn.padStart(width), style }];
  const lines: Line[] = height > 1 ? [[{ text: title, style: 'dim' }], line] : [line];
  return rows(lines, width, height, { theme, ascii });
}

/** Eight heights of ink, for terminals without the block characters U+2581 to U+2588. */
function asciiBlock(block: string): string {
  return '_.-=+*%#'[block.charCodeAt(0) - 0x2581] ?? ' ';
}

/** The title stands in the border with a space on either side, when at least one letter fits. */
function titleCells(title: string, width: number, look: Look, ascii: boolean): Row {
  const room = width - 3;
  if (title === '' || room < 1) return [];
  const text = [...safeCharacters(title, ascii)].slice(0, room);
  return [' ', ...text, ' '].map((character) => ({ character, look }));
}

/** A rule with the texts of an axis one cell from its ends; the bare rule when it is too short. */
function withFoot(
  rule: readonly (Cell | undefined)[],
  foot: Border['foot'],
  look: Look,
  ascii: boolean,
): readonly (Cell | undefined)[] {
  if (foot === undefined) return rule;
  const [left, right] = foot.map((text) => titleCells(text, rule.length, look, ascii));
  const middle = rule.length - 2 - (left?.length ?? 0) - (right?.length ?? 0);
  if (middle < 1) return rule;
  const [line] = rule;
  return [line, ...(left ?? []), ...rule.slice(0, middle), ...(right ?? []), line];
}

function rows(
  lines: readonly Line[],
  width: number,
  height: number,
  style: { readonly theme: Theme; readonly ascii: boolean },
): Row[] {
  return Array.from({ length: height }, (_, y) => row(lines[y] ?? [], width, style));
}

function row(
  line: Line,
  width: number,
  { theme, ascii }: { readonly theme: Theme; readonly ascii: boolean },
  drawn?: DrawnLine,
): Row {
  if (drawn !== undefined && looksEqual(drawn.line, line)) return drawn.row;
  const cells = drawn === undefined ? new Array<Cell>(width) : drawn.row.slice();
  let end = 0;
  // Where the line before had the same part in the same column, its cells stay.
  let drawnEnd = 0;
  for (const [index, { text, style }] of line.entries()) {
    const before = drawn?.line[index];
    const isThere = drawnEnd === end && before?.text === text && before.style === style;
    drawnEnd += before === undefined ? 0 : columnsOf(before.text);
    end = isThere ? drawnEnd : draw(cells, end, text, { look: theme[style], ascii });
  }
  return end < width ? cells.fill(cellOf(SPACE, theme.normal), end) : cells;
}

/** Writes a text from a column on, as far as there is room; the column behind it. */
function draw(
  cells: Cell[],
  from: number,
  text: string,
  { look, ascii }: { readonly look: Look; readonly ascii: boolean },
): number {
  const made = cellsIn(look);
  let end = from;
  // By units and not by characters: walking a text as Unicode is what a frame would take longest for.
  for (let at = 0; at < text.length && end < cells.length; at++) {
    const unit = text.charCodeAt(at);
    cells[end++] = cellOf(isSafe(unit, ascii) ? unit : UNSAFE_SIGN, look, made);
    if (isPair(unit, text.charCodeAt(at + 1))) at++;
  }
  return end;
}

/** How many columns `draw` gives a text. */
function columnsOf(text: string): number {
  let columns = text.length;
  for (let at = 0; at + 1 < text.length; at++) {
    if (isPair(text.charCodeAt(at), text.charCodeAt(at + 1))) columns--;
  }
  return columns;
}

const SPACE = 0x20;
const UNSAFE_SIGN = 0x3f;

/** Whether two units are one character, beyond the plane whose characters are safe to draw. */
function isPair(unit: number, next: number): boolean {
  return (unit & 0xfc00) === 0xd800 && (next & 0xfc00) === 0xdc00;
}

/** The cells of each look, by sign: a screen has twelve thousand of them, again each second. */
const CELLS = new WeakMap<Look, Cell[]>();

function cellsIn(look: Look): Cell[] {
  const known = CELLS.get(look);
  if (known !== undefined) return known;
  const none: Cell[] = [];
  CELLS.set(look, none);
  return none;
}

function cellOf(unit: number, look: Look, made = cellsIn(look)): Cell {
  if (!isUsual(unit)) return { character: String.fromCharCode(unit), look };
  return (made[unit] ??= { character: String.fromCharCode(unit), look });
}

/** ASCII, and the lines, blocks and dots that charts are drawn with (U+2500 to U+28FF). */
function isUsual(unit: number): boolean {
  return unit <= 0x7e || (unit >= 0x2500 && unit <= 0x28ff);
}

/**
 * The characters of a text, each one column wide and harmless: the last line of defence before the
 * terminal. Views sanitise what servers say; what slipped through becomes `?`, as do wide
 * characters, which terminals disagree on.
 */
export function* safeCharacters(text: string, ascii: boolean): Generator<string> {
  for (const character of text) {
    yield character.length === 1 && isSafe(character.charCodeAt(0), ascii) ? character : '?';
  }
}

/** Controls, format and bidi characters, marks that join, surrogates, private use, line ends. */
const HARMFUL = /[\p{C}\p{M}\p{Zl}\p{Zp}]/u;

/** East Asian wide and fullwidth blocks, and emoji shown as pictures (UAX #11, UTS #51). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

function isSafe(unit: number, ascii: boolean): boolean {
  if (unit >= SPACE && unit <= 0x7e) return true;
  if (ascii) return false;
  const known = VERDICTS[unit];
  if (known !== 0) return known === SAFE;
  const character = String.fromCharCode(unit);
  const isHarmless = !HARMFUL.test(character) && !WIDE.test(character);
  VERDICTS[unit] = isHarmless ? SAFE : UNSAFE;
  return isHarmless;
}

/** What was found out of each UTF-16 unit: the same few signs are in every frame. */
const VERDICTS = new Uint8Array(0x10000);
const SAFE = 1;
const UNSAFE = 2;
