import type { HappenedEvent } from '../model/events.js';
import { EVENT_LOOKS, eventStyle } from './event-looks.js';
import type { Line, Span, StyleName, TextPanel } from './frame.js';
import { span } from './text.js';

/** A line under a chart: where it stands, and which of its columns a moment belongs to. */
export interface Axis {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  /** Of a moment in monotonic milliseconds; null when the chart does not reach so far back. */
  readonly columnOf: (at: number) => number | null;
  /** Texts in their columns; one that an event stands in gives way. */
  readonly labels: readonly { readonly column: number; readonly text: string }[];
}

type Cell = readonly [letter: string, style: StyleName];

/** The letters of what happened, each under its column: of several the most important. */
function letters(events: readonly HappenedEvent[], axis: Axis): Map<number, Cell> {
  const found = new Map<number, { readonly cell: Cell; readonly rank: number }>();
  for (const event of events) {
    const { tick } = EVENT_LOOKS[event.kind];
    const column = tick === undefined ? null : axis.columnOf(event.at);
    if (tick === undefined || column === null) continue;
    if ((found.get(column)?.rank ?? 0) > tick.rank) continue;
    found.set(column, { cell: [tick.letter, eventStyle(event)], rank: tick.rank });
  }
  return new Map([...found].map(([column, { cell }]) => [column, cell]));
}

/** The axis as a panel of one line; null when there is nothing on it. */
export function axisPanel(events: readonly HappenedEvent[], axis: Axis): TextPanel | null {
  const cells = letters(events, axis);
  const marks = [...cells.keys()];
  for (const { column, text } of axis.labels) {
    const end = column + text.length;
    if (column < 0 || end > axis.columns || marks.some((at) => at >= column && at < end)) continue;
    for (let at = column; at < end; at++) cells.set(at, [text[at - column] ?? ' ', 'dim']);
  }
  if (cells.size === 0) return null;
  const { id, x, y, columns } = axis;
  return {
    ...{ kind: 'text', id: `axis-${id}`, x, y, width: columns, height: 1 },
    lines: [spansOf(cells, columns)],
  };
}

/** Cells side by side, those of one style in one span. */
function spansOf(cells: ReadonlyMap<number, Cell>, columns: number): Line {
  const spans: Span[] = [];
  let text = '';
  let last: StyleName = 'normal';
  for (let at = 0; at < columns; at++) {
    const [letter, style] = cells.get(at) ?? BLANK;
    if (style !== last && text !== '') {
      spans.push(span(text, last));
      text = '';
    }
    text += letter;
    last = style;
  }
  return [...spans, span(text, last)];
}

const BLANK: Cell = [' ', 'normal'];
