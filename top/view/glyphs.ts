import type { Series } from '../model/series.js';
import type { Part } from '../model/memory-parts.js';
import type { WorkerKind } from '../model/worker-state.js';
import type { StyleName } from './frame.js';

/** The signs of one character set; every one is a single column. */
export interface Glyphs {
  readonly state: Readonly<Record<WorkerKind, string>>;
  readonly unknown: string;
  readonly ellipsis: string;
  readonly marker: string;
  readonly tag: string;
  readonly rewound: string;
  readonly ascending: string;
  readonly descending: string;
  readonly separator: string;
  readonly branch: string;
  readonly cursor: string;
  readonly up: string;
  readonly down: string;
  /** There is more on this side. */
  readonly left: string;
  readonly right: string;
  /** From empty to full. */
  readonly ramp: readonly string[];
  /** How full a cell of an area is: the lowest also stands for zero. */
  readonly area: readonly string[];
  readonly gap: string;
  readonly bar: { readonly busy: string; readonly idle: string; readonly other: string };
  /** What resident memory is made of. */
  readonly parts: Readonly<Record<Part, string>>;
  /** A limit across a bar, and a level across a chart. */
  readonly limit: string;
  readonly level: string;
  /** Where another process took over. */
  readonly recycled: string;
}

const UNICODE: Glyphs = {
  state: {
    stuck: '▲',
    dead: '✕',
    backoff: '✕',
    start: '◌',
    drain: '◐',
    pause: '‖',
    busy: '●',
    signal: '◆',
    idle: '○',
    cheap: '·',
    unknown: '?',
  },
  unknown: '–',
  ellipsis: '…',
  marker: '▶',
  tag: '+',
  rewound: '◀',
  ascending: '▴',
  descending: '▾',
  separator: '·',
  branch: '└',
  cursor: '▏',
  up: '↑',
  down: '↓',
  left: '‹',
  right: '›',
  ramp: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  area: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  gap: '·',
  bar: { busy: '█', idle: '▒', other: '░' },
  parts: { shared: '░', native: '▒', external: '▓', heap: '█', other: '■' },
  limit: '┃',
  level: '╌',
  recycled: '│',
};

const ASCII: Glyphs = {
  state: {
    stuck: '!',
    dead: 'x',
    backoff: 'x',
    start: 'o',
    drain: 'd',
    pause: '|',
    busy: '*',
    signal: '+',
    idle: '-',
    cheap: '.',
    unknown: '?',
  },
  unknown: '-',
  ellipsis: '~',
  marker: '>',
  tag: '+',
  rewound: '<',
  ascending: '^',
  descending: 'v',
  separator: '-',
  branch: '`',
  cursor: '_',
  up: 'Up/',
  down: 'Dn',
  left: '<',
  right: '>',
  ramp: ['_', '.', '-', '~', '=', '+', '*', '#'],
  area: ['.', ':', '#'],
  gap: ' ',
  bar: { busy: '#', idle: '=', other: '.' },
  parts: { shared: 's', native: 'n', external: 'e', heap: 'H', other: 'r' },
  limit: '|',
  level: '-',
  recycled: '/',
};

/** The signs for a terminal with or without Unicode. */
export function glyphsFor(ascii: boolean): Glyphs {
  return ascii ? ASCII : UNICODE;
}

/** How each condition looks; red is kept for what a person must see to. */
export const STATE_STYLES: Readonly<Record<WorkerKind, StyleName>> = {
  stuck: 'alarm',
  dead: 'alarm',
  backoff: 'alarm',
  start: 'notice',
  drain: 'notice',
  pause: 'attention',
  busy: 'work',
  signal: 'notice',
  idle: 'normal',
  cheap: 'dim',
  unknown: 'attention',
};

/** A history as one line of blocks of at most `width` columns, scaled from zero to its maximum. */
export function spark(values: Series, width: number, glyphs: Glyphs): string {
  const shown = width <= 0 ? [] : values.slice(-width);
  const max = shown.reduce<number>((top, value) => Math.max(top, value ?? 0), 0);
  const { ramp, gap } = glyphs;
  return shown
    .map((value) => {
      if (value === null) return gap;
      const level = max <= 0 ? 0 : Math.ceil((value / max) * ramp.length) - 1;
      return ramp[Math.min(ramp.length - 1, Math.max(0, level))] ?? gap;
    })
    .join('')
    .padStart(width);
}
