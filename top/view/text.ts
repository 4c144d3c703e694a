import type { Target } from '../model/target.js';
import type { Line, Span, StyleName } from './frame.js';

/** A run of text in one style. */
export function span(text: string, style: StyleName = 'normal'): Span {
  return { text, style };
}

/** A text on which a click is a key. */
export function press(key: string, text: string, style: StyleName = 'key'): Span {
  return { text, style, target: { kind: 'key', key } };
}

/** The same line, all of which means this to a click. */
export function linked(line: Line, target: Target): Line {
  return line.map(({ text, style }) => ({ text, style, target }));
}

/** A number with its noun: `1 worker`, `2 workers`. */
export function plural(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** How many columns a line takes. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + text.length, 0);
}

/** Whether two lines look the same. */
export function looksEqual(a: Line, b: Line): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) {
    if (a[at]?.text !== b[at]?.text || a[at]?.style !== b[at]?.style) return false;
  }
  return true;
}

/** Cuts text to `width` columns, with a mark in the last one where something is missing. */
export function cut(text: string, width: number, ellipsis: string): string {
  if (text.length <= width) return text;
  return width <= 0 ? '' : text.slice(0, width - 1) + ellipsis;
}

/** Text in lines of at most `width` columns, broken between words; a longer word is a line of its own. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

/** Text of exactly `width` columns. */
export function fit(
  text: string,
  width: number,
  align: 'left' | 'right',
  ellipsis: string,
): string {
  const short = cut(text, width, ellipsis);
  return align === 'left' ? short.padEnd(width) : short.padStart(width);
}

/** Cuts a line to `width` columns. */
export function clip(line: Line, width: number, ellipsis: string): Line {
  if (lineWidth(line) <= width) return line;
  const kept: Span[] = [];
  let left = width;
  for (const part of line) {
    const { text } = part;
    if (left <= 0) break;
    // When more follows, the mark must stand in this span's last column.
    const short = text.length < left ? text : cut(`${text} `, left, ellipsis);
    kept.push({ ...part, text: short });
    left -= short.length;
  }
  return kept;
}

/** Fills a line with spaces up to `width` columns. */
export function padded(line: Line, width: number, style: StyleName = 'normal'): Line {
  const missing = width - lineWidth(line);
  return missing > 0 ? [...line, span(' '.repeat(missing), style)] : line;
}

/** The same text in one style. */
export function restyled(line: Line, style: StyleName): Line {
  return line.map(({ text, target }) =>
    target === undefined ? { text, style } : { text, style, target },
  );
}

/** A piece of a line that can be left out: the highest rank goes first, rank 0 never. */
export interface Piece {
  readonly line: Line;
  readonly rank: number;
}

/** The pieces that fit into `width` side by side with `gap` columns between, in their order. */
export function chosen(pieces: readonly Piece[], width: number, gap: number): readonly Piece[] {
  let kept = pieces.filter(({ line }) => lineWidth(line) > 0);
  const wide = (): number =>
    kept.reduce((sum, { line }) => sum + lineWidth(line) + gap, kept.length > 0 ? -gap : 0);
  while (wide() > width) {
    const worst = Math.max(...kept.map(({ rank }) => rank));
    if (worst <= 0) break;
    const index = kept.findLastIndex(({ rank }) => rank === worst);
    kept = kept.filter((_, at) => at !== index);
  }
  return kept;
}

/** Lines joined with `gap` columns between them. */
export function joined(lines: readonly Line[], gap: number): Line {
  return lines.flatMap((line, index) =>
    index === 0 ? [...line] : [span(' '.repeat(gap)), ...line],
  );
}

/** The pieces that fit, joined. */
export function flowed(pieces: readonly Piece[], width: number, gap: number): Line {
  return joined(
    chosen(pieces, width, gap).map(({ line }) => line),
    gap,
  );
}

/** Two groups on one line, the second at the right edge; pieces of both give way by rank. */
export function spread(
  left: readonly Piece[],
  right: readonly Piece[],
  width: number,
  gap: number,
): Line {
  const kept = new Set(chosen([...left, ...right], width, gap));
  const start = joined(
    left.filter((piece) => kept.has(piece)).map(({ line }) => line),
    gap,
  );
  const end = joined(
    right.filter((piece) => kept.has(piece)).map(({ line }) => line),
    gap,
  );
  return [...padded(start, width - lineWidth(end)), ...end];
}
