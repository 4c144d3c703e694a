import type { Block, Row } from '../model/block.js';
import type { Line } from './frame.js';
import type { Glyphs } from './glyphs.js';
import { clip, fit, padded, span } from './text.js';

/** Columns of a bar, and the space after it. */
const BAR = 12;

/** Blocks one below the other: a title and its lines each, and an empty line between them. */
export function blockLines(blocks: readonly Block[], width: number, glyphs: Glyphs): Line[] {
  return blocks.flatMap((block, index): Line[] => [
    ...(index === 0 ? [] : [[]]),
    [span(fit(block.title, width, 'left', glyphs.ellipsis), 'header')],
    ...block.rows.map((row) => clip(rowLine(row, block.labels, glyphs), width, glyphs.ellipsis)),
  ]);
}

function rowLine({ label, text, tone, share }: Row, labels: number, glyphs: Glyphs): Line {
  const name = labels === 0 ? [] : [span(`${fit(label, labels, 'left', glyphs.ellipsis)} `, 'dim')];
  const said = span(text === '–' ? glyphs.unknown : text, tone);
  if (share === undefined) return [...name, said];
  const full = Math.round(share * BAR);
  const { busy, other } = glyphs.bar;
  return [
    ...name,
    span(busy.repeat(full), 'measure'),
    span(other.repeat(BAR - full), 'dim'),
    span(' '),
    said,
  ];
}

/** Columns of lines side by side, each over its share of the width, `gap` columns apart. */
export function besideEachOther(
  columns: readonly (readonly Line[])[],
  widths: readonly number[],
  gap: number,
): Line[] {
  const height = Math.max(0, ...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, index) =>
    columns.flatMap((lines, at): Line => {
      const last = at === columns.length - 1;
      const line = lines[index] ?? [];
      return last ? line : [...padded(line, widths[at] ?? 0), span(' '.repeat(gap))];
    }),
  );
}
