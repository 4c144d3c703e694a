import type { Theme } from '../../top/terminal/theme.js';
import type { Frame, Line, Panel, StyleName } from '../../top/view/frame.js';

type Cell = readonly [character: string, style: StyleName];

const RAMP = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

function sparkOf(values: readonly (number | null)[], width: number): string {
  const shown = values.slice(-width);
  const max = Math.max(0, ...shown.map((value) => value ?? 0));
  return shown
    .map((value) => {
      if (value === null) return ' ';
      const level = max === 0 ? 0 : Math.ceil((value / max) * RAMP.length) - 1;
      return RAMP[Math.max(0, level)] ?? ' ';
    })
    .join('')
    .padStart(width);
}

function linesOf(panel: Panel): readonly Line[] {
  if (panel.kind === 'text') return panel.lines;
  return [
    [{ text: panel.title, style: 'dim' }],
    [{ text: sparkOf(panel.values, panel.width), style: panel.style }],
  ];
}

/** Draws a frame into cells as a painter would: panels in order, each clipped to its place. */
function cellsOf(frame: Frame): Cell[][] {
  const cells = Array.from({ length: frame.height }, () =>
    Array.from({ length: frame.width }, (): Cell => [' ', 'normal']),
  );
  const put = (x: number, y: number, cell: Cell): void => {
    const row = cells[y];
    if (row !== undefined && x >= 0 && x < frame.width) row[x] = cell;
  };
  for (const panel of frame.panels) {
    const edge = panel.kind === 'text' && panel.border !== undefined ? 1 : 0;
    for (let y = 0; y < panel.height; y++) {
      for (let x = 0; x < panel.width; x++) put(panel.x + x, panel.y + y, [' ', 'normal']);
    }
    if (panel.kind === 'text' && panel.border !== undefined) frameBorder(panel, put);
    linesOf(panel)
      .slice(0, Math.max(0, panel.height - 2 * edge))
      .forEach((line, index) => {
        const characters = line.flatMap(({ text, style }) =>
          Array.from(text, (character): Cell => [character, style]),
        );
        characters.slice(0, Math.max(0, panel.width - 2 * edge)).forEach((cell, column) => {
          put(panel.x + edge + column, panel.y + edge + index, cell);
        });
      });
  }
  return cells;
}

function frameBorder(panel: Panel, put: (x: number, y: number, cell: Cell) => void): void {
  if (panel.kind !== 'text' || panel.border === undefined) return;
  const { x, y, width, height } = panel;
  const { style, title, foot } = panel.border;
  const middle = Math.max(0, width - 2);
  const top = `┌${` ${title} `.slice(0, middle).padEnd(middle, '─')}┐`;
  const [left, right] = foot === undefined ? ['', ''] : [` ${foot[0]} `, ` ${foot[1]} `];
  const rule = '─'.repeat(Math.max(0, middle - 2 - left.length - right.length));
  const bottom = `└${foot === undefined ? '─'.repeat(middle) : `─${left}${rule}${right}─`}┘`;
  const write = (column: number, row: number, text: string): void => {
    Array.from(text).forEach((character, index) => {
      put(column + index, row, [character, style]);
    });
  };
  write(x, y, top);
  write(x, y + height - 1, bottom);
  for (let row = 1; row < height - 1; row++) {
    put(x, y + row, ['│', style]);
    put(x + width - 1, y + row, ['│', style]);
  }
}

/** A frame as text, one line for each row, without spaces at the ends. */
export function frameText(frame: Frame): string {
  return cellsOf(frame)
    .map(
      (row) =>
        `${row
          .map(([character]) => character)
          .join('')
          .trimEnd()}\n`,
    )
    .join('');
}

/** A frame as text in which each run is preceded by how a theme draws it: `{196 bold}alarm`. */
export function lookText(frame: Frame, theme: Theme): string {
  const nameOf = (style: StyleName): string => {
    const { fg, bg, ...attributes } = theme[style];
    const colours = [fg ?? '', bg === undefined ? '' : `on ${bg}`];
    return [...colours, ...Object.keys(attributes)].filter((part) => part !== '').join(' ');
  };
  const lines = cellsOf(frame).map((row) => {
    let look = '';
    const runs = row.map(([character, style]) => {
      const name = nameOf(style);
      if (name === look || (character === ' ' && !/on|inverse|underline/.test(look + name)))
        return character;
      look = name;
      return `{${name}}${character}`;
    });
    return `${runs.join('').trimEnd()}\n`;
  });
  return lines.join('');
}

/** The text drawn in a style, run by run: how a test asks what stands out. */
export function textInStyle(frame: Frame, style: StyleName): string[] {
  return cellsOf(frame).flatMap((row) =>
    row
      .map(([character, of]) => (of === style ? character : '\n'))
      .join('')
      .split(/\n+/)
      .map((text) => text.trim())
      .filter((text) => text !== ''),
  );
}
