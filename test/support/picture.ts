import { paletteColour } from './palette.js';
import type { SeenCell } from './terminal.js';

/** What is drawn: the cells of a terminal, and the title of its window. */
export interface Shot {
  readonly cells: readonly (readonly SeenCell[])[];
  readonly title: string;
}

const CELL = { width: 8.4, height: 18 };
const FONT_SIZE = 14;
const BASELINE = 13.5;
const MARGIN = 14;
const BAR = 34;
const GROUND = '#0d1117';
const INK = '#d1d7e0';
/** What most of a screen is drawn in, told once. */
const USUAL_INK = '#808080';
const FONTS =
  "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace";

/**
 * Draws the picture of a terminal as an SVG that needs nothing else. Line-drawing, block and
 * braille characters are drawn as rectangles, so that they meet whatever font there is; each word
 * stands at its column, since not every renderer obeys `textLength`.
 */
export function pictureOf({ cells, title }: Shot): string {
  const columns = Math.max(1, ...cells.map((row) => row.length));
  const width = round(columns * CELL.width + 2 * MARGIN);
  const height = round(cells.length * CELL.height + BAR + MARGIN);
  const lights = ['#e5534b', '#c69026', '#57ab5a'].map(
    (fill, index) => `<circle cx="${20 + index * 20}" cy="17" r="6" fill="${fill}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}" font-family="${FONTS}" font-size="${FONT_SIZE}">`,
    `<rect width="${width}" height="${height}" rx="9" fill="${GROUND}"/>`,
    `<path d="M0 ${BAR - 4}V9a9 9 0 0 1 9-9h${width - 18}a9 9 0 0 1 9 9v${BAR - 13}z" fill="#1c2128"/>`,
    ...lights,
    `<text x="${width / 2}" y="21.5" text-anchor="middle" fill="#9198a1">${escaped(title)}</text>`,
    `<g transform="translate(${MARGIN} ${BAR})" shape-rendering="crispEdges" xml:space="preserve" fill="${USUAL_INK}">`,
    ...cells.flatMap((row, y) => rowOf(row, y)),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function rowOf(row: readonly SeenCell[], y: number): string[] {
  return [...groundsOf(row, y), ...inksOf(row, y)];
}

/** Backgrounds first, one rectangle for neighbours alike. */
function groundsOf(row: readonly SeenCell[], y: number): string[] {
  return runs(row, groundOf).flatMap(({ from, to, value }) =>
    value === GROUND ? [] : [rect(from, y, [0, 0, to - from, 1], value)],
  );
}

function inksOf(row: readonly SeenCell[], y: number): string[] {
  const lookOf = (cell: SeenCell): string =>
    cell.character === ' ' && !cell.underline
      ? ''
      : [inkOf(cell), cell.bold, cell.underline, kindOf(cell.character)].join();
  return runs(row, lookOf).flatMap(({ from, to, value }) => {
    const first = row[from];
    if (!first || value === '') return [];
    const text = row.slice(from, to).map(({ character }) => character);
    const line = first.underline
      ? [rect(from, y, [0, 0.9, to - from, 1 / CELL.height], inkOf(first))]
      : [];
    if (kindOf(first.character) !== 'text') {
      const fill = inkOf(first);
      return runs(text, (character) => character).flatMap(
        ({ from: at, to: end, value: character }) =>
          shapesOf(character).flatMap((shape) =>
            drawn({ from: from + at, to: from + end, y }, shape, fill),
          ),
      );
    }
    return [...line, ...wordsOf(text, from).map((word) => wordAt(word, y, first))];
  });
}

/** Symbols are a word each: their width differs from font to font. */
function wordsOf(text: readonly string[], from: number) {
  return [...text.join('').matchAll(/[!-~\u00a0-\u024f]+|\S/gu)].map(({ 0: word, index }) => ({
    word,
    at: from + index,
  }));
}

function wordAt(
  { word, at }: { readonly word: string; readonly at: number },
  y: number,
  cell: SeenCell,
) {
  const width = word.length * CELL.width;
  const bold = cell.bold ? ' font-weight="bold"' : '';
  const symbol = word.length === 1 && word > '\u024f';
  const x = round(at * CELL.width + (symbol ? CELL.width / 2 : 0));
  const length = word.length === 1 ? '' : ` textLength="${round(width)}"`;
  const fit = symbol ? ' text-anchor="middle"' : length;
  const ink = inkOf(cell);
  const fill = ink === USUAL_INK ? '' : ` fill="${ink}"`;
  return `<text x="${x}" y="${round(y * CELL.height + BASELINE)}"${fill}${bold}${fit}>${escaped(word)}</text>`;
}

interface Run {
  readonly from: number;
  readonly to: number;
  readonly y: number;
}

/** A shape in neighbouring cells: one rectangle where it fills their width, so that no seam shows. */
function drawn({ from, to, y }: Run, shape: Shape, fill: string): string[] {
  const [left, top, width, height] = shape;
  if (left === 0 && width === 1) return [rect(from, y, [0, top, to - from, height], fill)];
  return Array.from({ length: to - from }, (_, at) => rect(from + at, y, shape, fill));
}

/** Left, top, width and height in parts of a cell. */
type Shape = readonly [x: number, y: number, width: number, height: number];

function kindOf(character: string): 'text' | 'shape' {
  return shapesOf(character).length > 0 ? 'shape' : 'text';
}

const THIN = 1 / CELL.width;
const FLAT = 1 / CELL.height;
const MIDDLE = 0.5 - THIN / 2;
const CENTRE = 0.5 - FLAT / 2;
const ARMS = {
  left: [0, CENTRE, 0.5 + THIN / 2, FLAT],
  right: [MIDDLE, CENTRE, 0.5 + THIN / 2, FLAT],
  up: [MIDDLE, 0, THIN, 0.5 + FLAT / 2],
  down: [MIDDLE, CENTRE, THIN, 0.5 + FLAT / 2],
} as const satisfies Record<string, Shape>;

const LINES: Readonly<Record<string, readonly Shape[]>> = {
  '─': [[0, CENTRE, 1, FLAT]],
  '│': [[MIDDLE, 0, THIN, 1]],
  '┌': [ARMS.right, ARMS.down],
  '┐': [ARMS.left, ARMS.down],
  '└': [ARMS.right, ARMS.up],
  '┘': [ARMS.left, ARMS.up],
  '├': [ARMS.right, ARMS.up, ARMS.down],
  '┤': [ARMS.left, ARMS.up, ARMS.down],
  '┬': [ARMS.left, ARMS.right, ARMS.down],
  '┴': [ARMS.left, ARMS.right, ARMS.up],
  '┼': [ARMS.left, ARMS.right, ARMS.up, ARMS.down],
};

/** The rectangles of U+2500, U+2580 and U+2800 characters; none for what is left to the font. */
function shapesOf(character: string): readonly Shape[] {
  const lines = LINES[character];
  if (lines) return lines;
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x2581 && code <= 0x2588) {
    const part = (code - 0x2580) / 8;
    return [[0, 1 - part, 1, part]];
  }
  if (code >= 0x2589 && code <= 0x258f) return [[0, 0, (0x2590 - code) / 8, 1]];
  if (code === 0x2580) return [[0, 0, 1, 0.5]];
  if (code === 0x2590) return [[0.5, 0, 0.5, 1]];
  return code > 0x2800 && code <= 0x28ff ? brailleShapes(code - 0x2800) : [];
}

/** Bits 0 to 2 are the upper left dots, 3 to 5 the upper right, 6 and 7 the lowest two. */
function brailleShapes(bits: number): Shape[] {
  const places = [
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
    [1, 2],
    [0, 3],
    [1, 3],
  ] as const;
  return places.flatMap(([column, row], bit): Shape[] =>
    (bits & (1 << bit)) === 0 ? [] : [[0.1 + column * 0.5, 0.06 + row * 0.25, 0.3, 0.14]],
  );
}

function rect(x: number, y: number, [left, top, width, height]: Shape, fill: string): string {
  const at = (value: number, side: number): number => round(value * side);
  return `<rect x="${at(x + left, CELL.width)}" y="${at(y + top, CELL.height)}" width="${at(width, CELL.width)}" height="${at(height, CELL.height)}" fill="${fill}"/>`;
}

function inkOf(cell: SeenCell): string {
  if (cell.inverse) return cell.bg === undefined ? GROUND : hex(cell.bg);
  if (cell.fg !== undefined) return hex(cell.fg);
  return cell.bold ? '#f0f3f6' : INK;
}

function groundOf(cell: SeenCell): string {
  if (cell.inverse) return cell.fg === undefined ? INK : hex(cell.fg);
  return cell.bg === undefined ? GROUND : hex(cell.bg);
}

function hex(index: number): string {
  return `#${paletteColour(index)
    .map((part) => part.toString(16).padStart(2, '0'))
    .join('')}`;
}

/** Neighbours of equal value. */
function runs<T, V>(items: readonly T[], valueOf: (item: T) => V) {
  const found: { readonly from: number; to: number; readonly value: V }[] = [];
  items.forEach((item, at) => {
    const value = valueOf(item);
    const last = found.at(-1);
    if (last?.value === value) last.to = at + 1;
    else found.push({ from: at, to: at + 1, value });
  });
  return found;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
