import type { Border, Line, SparklinePanel, TextPanel } from '../view/frame.js';
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

/**
 * The rows of a text panel: exactly its height, each exactly its width. `known` gives the row of a
 * line of a panel without a border where it was made before.
 */
export function textCells(
  panel: TextPanel,
  theme: Theme,
  ascii: boolean,
  known: (line: Line, at: number) => Row | undefined = () => undefined,
): Row[] {
  const { width, height, lines, border } = panel;
  if (!border) {
    return Array.from({ length: height }, (_, at) => {
      const line = lines[at] ?? [];
      return known(line, at) ?? row(line, width, { theme, ascii });
    });
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
  const body = rows(lines, inner, Math.max(0, height - 2), { theme, ascii });
  return [
    edge([topLeft, ...title, ...rule.slice(title.length), topRight]),
    ...body.map((row) => edge([vertical, ...row, vertical])),
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
): Row {
  const cells: Cell[] = [];
  for (const span of line) {
    if (cells.length >= width) break;
    const look = theme[span.style];
    if (PLAIN.test(span.text)) {
      // Nearly all text is plain, and walking its characters as Unicode is what a frame takes longest for.
      for (let at = 0; at < span.text.length && cells.length < width; at++) {
        cells.push(cellOf(span.text.charAt(at), look));
      }
      continue;
    }
    for (const character of safeCharacters(span.text, ascii)) {
      if (cells.length >= width) break;
      cells.push(cellOf(character, look));
    }
  }
  const blank = cellOf(' ', theme.normal);
  while (cells.length < width) cells.push(blank);
  return cells;
}

/** A cell of each sign of ASCII in each look: a screen has twelve thousand of them, again each second. */
const CELLS = new WeakMap<Look, Cell[]>();

function cellOf(character: string, look: Look): Cell {
  const code = character.charCodeAt(0);
  if (code > 0x7e) return { character, look };
  const known = CELLS.get(look) ?? [];
  if (known.length === 0) CELLS.set(look, known);
  return (known[code] ??= { character, look });
}

/**
 * The characters of a text, each one column wide and harmless: the last line of defence before the
 * terminal. Views sanitise what servers say; what slipped through becomes `?`, as do wide
 * characters, which terminals disagree on.
 */
export function* safeCharacters(text: string, ascii: boolean): Generator<string> {
  for (const character of text) yield isSafe(character, ascii) ? character : '?';
}

/** ASCII that a terminal shows as it is. */
const PLAIN = /^[ -~]*$/;

/** Controls, format and bidi characters, marks that join, surrogates, private use, line ends. */
const HARMFUL = /[\p{C}\p{M}\p{Zl}\p{Zp}]/u;

/** East Asian wide and fullwidth blocks, and emoji shown as pictures (UAX #11, UTS #51). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

function isSafe(character: string, ascii: boolean): boolean {
  if (character >= ' ' && character <= '~') return true;
  if (ascii || character.length !== 1) return false;
  const code = character.charCodeAt(0);
  const known = VERDICTS[code];
  if (known !== 0) return known === SAFE;
  const isHarmless = !HARMFUL.test(character) && !WIDE.test(character);
  VERDICTS[code] = isHarmless ? SAFE : UNSAFE;
  return isHarmless;
}

/** What was found out of each UTF-16 unit: the same few signs are in every frame. */
const VERDICTS = new Uint8Array(0x10000);
const SAFE = 1;
const UNSAFE = 2;
