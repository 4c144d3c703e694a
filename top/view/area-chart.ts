import type { Series } from '../model/series.js';
import type { Line, Span, StyleName } from './frame.js';
import type { Glyphs } from './glyphs.js';
import { span } from './text.js';

/** How an area is drawn. */
export interface Area {
  /** Lines. */
  readonly height: number;
  /** The value that fills all lines; greater ones are cut. */
  readonly max: number;
  readonly style: StyleName;
  readonly glyphs: Glyphs;
}

/**
 * A filled area, a column for each value: from the base line at zero up to `max`. What is more than
 * zero is seen, zero is a dim base line, and null is a gap.
 */
export function areaChart(values: Series, { height, max, style, glyphs }: Area): Line[] {
  const steps = glyphs.area.length;
  const levels = values.map((value) => {
    if (value === null) return null;
    const share = max > 0 ? Math.min(1, Math.max(0, value) / max) : 0;
    return Math.ceil(share * height * steps);
  });
  return Array.from({ length: height }, (_, line): Line => {
    const below = (height - 1 - line) * steps;
    return runs(
      levels.map((level): Span => {
        if (level === 0 && below === 0) return span(glyphs.area[0] ?? ' ', 'dim');
        if (level === null || level <= below) return span(' ', style);
        return span(glyphs.area[Math.min(steps, level - below) - 1] ?? ' ', style);
      }),
    );
  });
}

/** Neighbours in one style as one span. */
function runs(cells: readonly Span[]): Line {
  const line: Span[] = [];
  for (const cell of cells) {
    const last = line.at(-1);
    if (last?.style !== cell.style) line.push(cell);
    else line[line.length - 1] = span(last.text + cell.text, cell.style);
  }
  return line;
}
