import type { Block, Row } from '../model/block.js';
import { modelFreshness } from '../model/currency.js';
import { type Model } from '../model/model.js';
import type { Line } from './frame.js';
import { type Glyphs, glyphsFor } from './glyphs.js';
import { clip, fit, padded, restyled, span } from './text.js';

/** Columns of a bar, and the space after it. */
const BAR = 12;

/** Columns between two columns of blocks, and before the first. */
const GAP = 3;
export const MARGIN = 1;

/** The lines of blocks from `top` on, `height` of them, their columns side by side. */
export function blockWindow(
  model: Model,
  columns: readonly (readonly Block[])[],
  top: number,
  height: number,
): Line[] {
  const glyphs = glyphsFor(model.ascii);
  const widths = columnWidths(model.width - MARGIN, columns.length);
  const drawn = columns.map((blocks, at) => blockLines(blocks, widths[at] ?? 0, glyphs));
  const all = besideEachOther(drawn, widths, GAP);
  const first = Math.max(0, Math.min(top, all.length - height));
  const old = modelFreshness(model).kind !== 'live';
  return all
    .slice(first, first + Math.max(0, height))
    .map((line) => [span(' '.repeat(MARGIN)), ...(old ? restyled(line, 'dim') : line)]);
}

/** Figures are narrow; what is listed last has long lines and gets what is left. */
function columnWidths(width: number, columns: number): number[] {
  const narrow = columns === 1 ? width : Math.min(44, Math.floor((width - GAP) * 0.44));
  const left = width - (columns - 1) * (narrow + GAP);
  return Array.from({ length: columns }, (_, at) => (at === columns - 1 ? left : narrow));
}

/** Blocks one below the other: a title and its lines each, and an empty line between them. */
function blockLines(blocks: readonly Block[], width: number, glyphs: Glyphs): Line[] {
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
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR);
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
function besideEachOther(
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
