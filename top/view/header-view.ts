import { bytes, count, duration, grouped, millis } from '../../shared/units.js';
import { documentTime, isOutdated } from '../model/currency.js';
import { type Model } from '../model/model.js';
import { sanitizeShort } from '../model/sanitize.js';
import { instanceOf } from '../model/table-state.js';
import { type Totals, totalsOf } from '../model/totals.js';
import { badge } from './badge.js';
import { rate } from './columns.js';
import { smallLines, tinyLines, tinyWithoutInstance } from './compact-header.js';
import type { Line, Span } from './frame.js';
import { glyphsFor, spark } from './glyphs.js';
import { countsOf, labelled, listenPiece, meter, shown } from './header-pieces.js';
import { lastEvent } from './last-event.js';
import type { Layout } from './layout.js';
import { clip, flowed, lineWidth, padded, type Piece, restyled, span, spread } from './text.js';
import { workerlessHeader } from './workerless-header.js';

/**
 * From these widths on the last event is told: in the first line in a few words, where that has room
 * in its middle, and on a wide terminal at the right edge of the second one, after so many columns.
 */
const EVENT_FROM = { first: 116, second: 146 } as const;
const FEW_WORDS = 30;
const BEFORE_EVENT = 3;

/** How far documents are apart: those that come, or around a moment of the past those in memory. */
function every(model: Model): string {
  if (model.past !== null) {
    const { apart } = model.past;
    return apart === null ? '' : `${duration(Math.max(1, Math.round(apart / 1000)))} apart`;
  }
  return `every ${model.intervalMs < 1000 ? `${model.intervalMs} ms` : `${model.intervalMs / 1000} s`}`;
}

/** Who this is, at the left, and at the right how it stands. */
function identityLine(model: Model, width: number): Line {
  const instance = instanceOf(model);
  const glyphs = glyphsFor(model.ascii);
  const state: Piece = { line: [badge(model)], rank: 0 };
  const interval: Piece = { line: [span(every(model), 'dim')], rank: 4 };
  const other = workerlessHeader(model.shown?.document);
  if (other !== null) return spread(other.left, [...other.right, interval, state], width, 2);
  if (instance === null) {
    return spread([{ line: [span(model.address, 'title')], rank: 1 }], [state], width, 2);
  }
  const now = documentTime(model);
  const start = instance.start_time;
  const uptime = start === undefined || now === null ? null : now - start;
  const right: Piece[] = [
    uptime === null
      ? { line: [], rank: 0 }
      : labelled('up', ...shown(uptime, duration, glyphs, 'normal'), 2),
    interval,
    state,
  ];
  if (instance.generation !== undefined) {
    const generation = labelled('gen', String(instance.generation), 'normal', 3);
    right.splice(1, 0, generation);
  }
  const inFirst = width >= EVENT_FROM.first && width < EVENT_FROM.second;
  const last = inFirst ? (lastEvent(model, FEW_WORDS) ?? []) : [];
  return spread(who(model), [{ line: last, rank: 9 }, ...right], width, 2);
}

function who(model: Model): Piece[] {
  const instance = instanceOf(model) ?? { workers: [] };
  const server = sanitizeShort(instance.server ?? 'uWSGI', 60);
  const version = `${server} ${sanitizeShort(instance.version ?? '', 60)}`.trim();
  const named = sanitizeShort(instance.name ?? '', 60);
  const place = sanitizeShort(instance.hostname ?? '', 60);
  const node = sanitizeShort(instance.node ?? '', 30).replace(/^v/, '');
  const dim = (text: string, rank: number): Piece => ({ line: [span(text, 'dim')], rank });
  return [
    { line: [span(named === '' ? version : named, 'title')], rank: 1 },
    dim(named === '' ? '' : version, 6),
    dim(node === '' ? '' : `node ${node}`, 8),
    dim(place === '' ? model.address : `on ${place}`, 7),
  ];
}

/** Is it keeping up, is anyone stuck. */
function loadLine(model: Model, totals: Totals, width: number): Line {
  const glyphs = glyphsFor(model.ascii);
  const bar = meter(totals, width >= 140 ? 32 : width >= 100 ? 20 : 10, glyphs);
  const line = flowed(
    [
      { line: [...bar, span(' '), ...countsOf(totals)], rank: 1 },
      listenPiece(totals, glyphs, 0),
      labelled('queue', ...shown(totals.queue, count, glyphs, 'attention'), 2),
      labelled('in flight', ...shown(totals.inFlight, count, glyphs, 'normal'), 6),
      labelled('HC', ...shown(totals.harakiri, count, glyphs, 'attention'), 0),
      labelled('exc', ...shown(totals.exceptions, count, glyphs, 'normal'), 4),
    ],
    width,
    width >= 100 ? 3 : 2,
  );
  return width < EVENT_FROM.second ? line : withLastEvent(model, line, width);
}

/** What happened last, at the right edge of a line, where it leaves room: nothing gives way to it. */
function withLastEvent(model: Model, line: Line, width: number): Line {
  const last = lastEvent(model, width - lineWidth(line) - BEFORE_EVENT);
  return last === null ? line : [...padded(line, width - lineWidth(last)), ...last];
}

/** How much, how fast, how big; with small histories when no chart shows them. */
function flowLine(model: Model, totals: Totals, width: number, charted: boolean): Line {
  const glyphs = glyphsFor(model.ascii);
  const { rates, rps, rss } = model.history;
  const inline = width < 100;
  const fixed = (value: number | null, format: (value: number) => string, wide: number): Span => {
    const [text, style] = shown(value, format, glyphs, 'bright');
    return span(text.padStart(wide), style);
  };
  const trend = (values: typeof rps): Span =>
    span(charted ? '' : ` ${spark(values, 10, glyphs)}`, 'work');
  return flowed(
    [
      { line: [fixed(rates.rps, rate, 6), span(' req/s', 'dim'), trend(rps)], rank: 0 },
      inline
        ? { line: [span('p95 ', 'dim'), fixed(rates.p95, millis, 5), span(' ms', 'dim')], rank: 3 }
        : {
            line: [
              span('p50 ', 'dim'),
              fixed(rates.p50, millis, 5),
              span(' p95 ', 'dim'),
              fixed(rates.p95, millis, 5),
              span(' p99 ', 'dim'),
              fixed(rates.p99, millis, 5),
              span(' ms', 'dim'),
            ],
            rank: 3,
          },
      { line: [span('rss ', 'dim'), fixed(totals.rss, bytes, 4), trend(rss)], rank: 2 },
      { line: [span('tx ', 'dim'), fixed(rates.tx, bytes, 4), span('/s', 'dim')], rank: 4 },
      {
        line: [span('cpu ', 'dim'), fixed(totals.cpu, (value) => `${Math.round(value)}%`, 4)],
        rank: 5,
      },
      { line: [span('requests ', 'dim'), fixed(totals.requests, grouped, 9)], rank: 6 },
    ],
    width,
    inline ? 2 : 3,
  );
}

/** The header at the height the layout gives it. */
export function headerView(model: Model, { tier, header, charts }: Layout): readonly Line[] {
  const { width, ascii } = model;
  const { ellipsis } = glyphsFor(ascii);
  const instance = instanceOf(model);
  const inner = Math.max(0, width - 2);
  const indent = (line: Line): Line => clip([span(' '), ...line], width, ellipsis);
  if (instance === null) {
    if (tier !== 'tiny') return [indent(identityLine(model, inner))];
    return tinyWithoutInstance(model, header.height).map((line) => clip(line, width, ellipsis));
  }
  const totals = totalsOf(instance);
  if (tier === 'tiny') return tinyLines(model, totals, header.height);
  if (tier === 'small') return smallLines(model, totals, inner).map(indent);
  // What was true once is still readable, but no longer claims the eye.
  const aged = (line: Line): Line => (isOutdated(model) ? restyled(line, 'dim') : line);
  return [
    indent(identityLine(model, inner)),
    indent(aged(loadLine(model, totals, inner))),
    indent(aged(flowLine(model, totals, inner, charts.height > 0))),
  ];
}
