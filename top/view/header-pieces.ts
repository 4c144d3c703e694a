import type { Totals } from '../model/totals.js';
import type { WorkerKind } from '../model/worker-state.js';
import type { Line, Span, StyleName } from './frame.js';
import { type Glyphs, STATE_STYLES } from './glyphs.js';
import { padded, type Piece, span } from './text.js';

/** A label and its value: `listen 0/100`. */
export function labelled(
  label: string,
  value: string,
  style: StyleName = 'normal',
  rank = 5,
): Piece {
  return { line: [span(`${label} `, 'dim'), span(value, style)], rank };
}

/** Unknown is a dash, zero is dim. */
export function shown(
  value: number | null,
  format: (value: number) => string,
  glyphs: Glyphs,
  style: StyleName,
): [string, StyleName] {
  if (value === null) return [glyphs.unknown, 'dim'];
  return [format(value), value === 0 ? 'dim' : style];
}

const METER: readonly { kinds: readonly WorkerKind[]; word: string; always?: true }[] = [
  { kinds: ['stuck'], word: 'stuck' },
  { kinds: ['dead', 'backoff'], word: 'down' },
  { kinds: ['busy', 'signal'], word: 'busy', always: true },
  { kinds: ['start'], word: 'start' },
  { kinds: ['drain'], word: 'drain' },
  { kinds: ['pause'], word: 'pause' },
  { kinds: ['idle', 'unknown'], word: 'idle', always: true },
  { kinds: ['cheap'], word: 'cheap' },
];

interface Part {
  readonly word: string;
  readonly number: number;
  readonly style: StyleName;
  readonly always: boolean;
}

function parts(totals: Totals): Part[] {
  return METER.map(({ kinds, word, always = false }) => ({
    word,
    always,
    number: kinds.reduce((sum, kind) => sum + (totals.kinds.get(kind) ?? 0), 0),
    style: STATE_STYLES[kinds[0] ?? 'unknown'],
  }));
}

/** One block for each share of the workers: troubled ones first, then busy, then idle. */
export function meter(totals: Totals, width: number, glyphs: Glyphs): Line {
  const line: Span[] = [];
  let seen = 0;
  let drawn = 0;
  for (const { word, number, style } of parts(totals)) {
    seen += number;
    const upTo = totals.workers === 0 ? 0 : Math.round((seen * width) / totals.workers);
    const sign =
      word === 'idle' ? glyphs.bar.idle : word === 'cheap' ? glyphs.bar.other : glyphs.bar.busy;
    line.push(span(sign.repeat(upTo - drawn), word === 'idle' ? 'dim' : style));
    drawn = upTo;
  }
  return padded(
    line.filter(({ text }) => text !== ''),
    width,
  );
}

export function countsOf(totals: Totals): Line {
  const digits = String(totals.workers).length;
  return parts(totals)
    .filter(({ number, always }) => always || number > 0)
    .flatMap(({ word, number, style }, index) => [
      span(
        `${index === 0 ? '' : ' '}${String(number).padStart(digits)}`,
        number === 0 ? 'dim' : style,
      ),
      span(` ${word}`, 'dim'),
    ]);
}

export function listenPiece(totals: Totals, glyphs: Glyphs, rank: number): Piece {
  const limit = totals.listenMax;
  const now = totals.listen;
  const digits = String(limit ?? '').length;
  const near = now !== null && limit !== null && limit > 0 && now >= 0.8 * limit;
  const [text, style] = shown(now, String, glyphs, near ? 'alarm' : 'attention');
  return {
    line: [
      span('listen ', 'dim'),
      span(text.padStart(digits), style),
      span(limit === null ? '' : `/${limit}`, 'dim'),
    ],
    rank,
  };
}

/** `4b 7i 1c`: the first letters of the words. */
export function compactCounts(totals: Totals): Line {
  return parts(totals)
    .filter(({ number, always }) => always || number > 0)
    .flatMap(({ word, number, style }, index) => [
      span(`${index === 0 ? '' : ' '}${number}`, number === 0 ? 'dim' : style),
      span(word.slice(0, word === 'stuck' || word === 'start' ? 2 : 1), 'dim'),
    ]);
}
