import type { Detail, HappenedEvent } from './events.js';

/** Columns of a label, and the two after it. */
export const LABEL_WIDTH = 18;

/** A record as lines of at most `width` columns: a long value goes on below itself. */
export function recordLines({ text, details }: HappenedEvent, width: number): Detail[] {
  const room = Math.max(1, width - LABEL_WIDTH);
  return [
    ...folded(text, Math.max(1, width)).map((line): Detail => ['', line]),
    ['', ''],
    ...details.flatMap(([label, value]) =>
      folded(value, room).map((line, index): Detail => [index === 0 ? label : '', line]),
    ),
  ];
}

/** Text in pieces, broken at spaces where there are any. */
function folded(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const end = space > width / 2 ? space : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}
