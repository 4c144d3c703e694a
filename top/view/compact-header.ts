import { bytes, count } from '../../shared/units.js';
import { modelFreshness } from '../model/currency.js';
import { type Model } from '../model/model.js';
import type { Totals } from '../model/totals.js';
import { badge } from './badge.js';
import { rate } from './columns.js';
import type { Line } from './frame.js';
import { type Glyphs, glyphsFor, spark } from './glyphs.js';
import { compactCounts, labelled, listenPiece, shown } from './header-pieces.js';
import { clip, flowed, lineWidth, span, spread } from './text.js';
import { workerlessHeader } from './workerless-header.js';

/** Two lines for terminals without room: the figures without which one would be blind. */
export function smallLines(model: Model, totals: Totals, width: number): Line[] {
  const glyphs = glyphsFor(model.ascii);
  const fixed = shown(model.history.rates.rps, rate, glyphs, 'bright');
  const first = spread(
    [
      { line: [span(fixed[0].padStart(5), fixed[1]), span('/s', 'dim')], rank: 0 },
      { line: [span(spark(model.history.rps, 8, glyphs), 'work')], rank: 3 },
    ],
    [
      labelled('HC', ...shown(totals.harakiri, count, glyphs, 'attention'), 1),
      { line: [badge(model)], rank: 0 },
    ],
    width,
    1,
  );
  const second = flowed(
    [
      { line: compactCounts(totals), rank: 0 },
      { ...listenPiece(totals, glyphs, 0) },
      labelled('q', ...shown(totals.queue, count, glyphs, 'attention'), 1),
      labelled('rss', ...shown(totals.rss, bytes, glyphs, 'normal'), 2),
    ],
    width,
    2,
  );
  return [[...first], [...second]];
}

/** 20 columns and five lines still say whether all is well. */
export function tinyLines(model: Model, totals: Totals, height: number): Line[] {
  const glyphs = glyphsFor(model.ascii);
  const { width } = model;
  const fresh = modelFreshness(model);
  const { text, style } = badge(model);
  const [rps, rpsStyle] = shown(model.history.rates.rps, rate, glyphs, 'bright');
  const [hc, hcStyle] = shown(totals.harakiri, count, glyphs, 'attention');
  const [listen, listenStyle] = shown(totals.listen, String, glyphs, 'attention');
  const limit = totals.listenMax === null ? '' : `/${totals.listenMax}`;
  const first: Line =
    fresh.kind === 'live'
      ? [
          span(`${text.slice(0, 1)} `, style),
          span(rps, rpsStyle),
          span('/s', 'dim'),
          span('  HC ', 'dim'),
          span(hc, hcStyle),
        ]
      : [span(text, style)];
  const counts: Line = [...compactCounts(totals), span('  q ', 'dim'), span(listen, listenStyle)];
  const second: Line =
    lineWidth(counts) + limit.length <= width ? [...counts, span(limit, 'dim')] : counts;
  const lines = [first, second, ...restOfTiny(totals, glyphs)].slice(0, Math.max(1, height));
  return lines.map((line) => clip(line, width, glyphs.ellipsis));
}

function restOfTiny(totals: Totals, glyphs: Glyphs): Line[] {
  const [rss, style] = shown(totals.rss, bytes, glyphs, 'normal');
  const [exc, excStyle] = shown(totals.exceptions, count, glyphs, 'normal');
  return [[span('rss ', 'dim'), span(rss, style), span('  exc ', 'dim'), span(exc, excStyle)]];
}

/** The header without an instance: an Emperor's or a router's, or before the first document. */
export function tinyWithoutInstance(model: Model, height: number): Line[] {
  const other = workerlessHeader(model.shown?.document);
  const lines = other?.tiny ?? [[span(model.address, 'title')]];
  return [[badge(model)], ...lines].slice(0, Math.max(1, height));
}
