import { bytes, duration } from '../../shared/units.js';
import { limitsShown } from '../model/memory-limit.js';
import { missingOf } from '../model/memory-missing.js';
import { type Pool, poolOf } from '../model/memory.js';
import { worries } from '../model/memory-verdict.js';
import { externalOf, measured } from '../model/measured.js';
import { PARTS } from '../model/memory-parts.js';
import type { Model } from '../model/model.js';
import { isUwsgi } from '../model/server-ways.js';
import { allRows, instanceOf } from '../model/table-state.js';
import { shortBytes } from './chart.js';
import { number } from './columns.js';
import type { Line } from './frame.js';
import { type Glyphs, glyphsFor } from './glyphs.js';
import { barTop, PART_STYLES } from './memory-bar.js';
import { TREND_MS } from './size-columns.js';
import { clip, flowed, type Piece, plural, span, wrapped } from './text.js';

/** Columns of the bar of the control group. */
const BAR = 12;
/** The share of a limit from which on it wants a look, and a person. */
const HIGH = 0.8;
const FULL = 0.95;

/** The sums of all workers, and below them what bounds them; instead of that what is not known. */
export function sumLines(model: Model, height: number): readonly Line[] {
  const pool = poolLine(model);
  if (height < 2) return [pool];
  const { ellipsis } = glyphsFor(model.ascii);
  const [note] = missing(model);
  if (note === undefined) return [pool, boundsLine(model)];
  const lines = wrapped(`! ${note}`, model.width - 2).slice(0, height - 1);
  return [pool, ...lines.map((text) => clip([span(` ${text}`, 'dim')], model.width, ellipsis))];
}

/** `POOL  1 leak  pss 812M  rss 1.2G, 430M of it counted twice`. */
function poolLine(model: Model): Line {
  const glyphs = glyphsFor(model.ascii);
  const instance = instanceOf(model);
  const { rss, pss, shared, heap, workers }: Pool = poolOf(instance ?? { workers: [] });
  const withMaster = instance?.memory?.pool_pss;
  const figure = (name: string, value: number | null, rank: number): Piece => ({
    line: [span(`${name} `, 'dim'), number(value, bytes, glyphs, 'bright')],
    rank,
  });
  const twice = shared === null ? '' : `, ${bytes(shared)} of it counted twice`;
  const pieces: Piece[] = [
    { line: [span('POOL', 'title')], rank: 3 },
    ...worries(model, allRows(model)).map(([verdict, count]) => ({
      line: [span(`${count} ${verdict}`, verdict === 'leak' ? 'alarm' : 'attention')],
      rank: 1,
    })),
    figure('pss', pss, 0),
    ...(withMaster === undefined ? [] : [figure('with the master', withMaster, 5)]),
    {
      line: [span('rss ', 'dim'), number(rss, bytes, glyphs, 'bright'), span(twice, 'dim')],
      rank: 2,
    },
    figure('heap', heap, 4),
    { line: [span(`${plural(workers, 'worker')} measured`, 'dim')], rank: 6 },
  ];
  return [span(' '), ...flowed(pieces, model.width - 2, 3)];
}

/** What the control group allows and takes, and whether its tasks wait for memory. */
function boundsLine(model: Model): Line {
  const glyphs = glyphsFor(model.ascii);
  const instance = instanceOf(model);
  const { pressure = null } = instance?.memory ?? {};
  const limits = (instance?.workers ?? []).flatMap((worker) => measured(worker.heap_limit) ?? []);
  const waited =
    pressure === null
      ? [span(glyphs.unknown, 'dim')]
      : [
          span(
            `${pressure.some_avg10.toFixed(1)} %`,
            pressure.some_avg10 > 0 ? 'attention' : 'dim',
          ),
          span(` of 10 s, all tasks ${pressure.full_avg10.toFixed(1)} %`, 'dim'),
        ];
  const pieces: Piece[] = [
    ...budgetPieces(model, glyphs),
    { line: cgroupLine(model, glyphs), rank: 0 },
    { line: [span('waits for memory ', 'dim'), ...waited], rank: 2 },
    {
      line: [
        span('heap limit ', 'dim'),
        number(limits.length === 0 ? null : Math.min(...limits), bytes, glyphs),
        span(' a worker', 'dim'),
      ],
      rank: 1,
    },
  ];
  return [span(' '), ...flowed(pieces, model.width - 2, 3)];
}

/** How much of `--memory-budget` the workers take, as the master counts it: by PSS. */
function budgetPieces(model: Model, glyphs: Glyphs): readonly Piece[] {
  const { budget } = limitsShown(model);
  if (budget === null) return [];
  const { pss } = poolOf(instanceOf(model) ?? { workers: [] });
  const used = pss === null ? [span(glyphs.unknown, 'dim')] : limitBar(pss, budget, glyphs);
  return [{ line: [span('budget', 'dim'), ...used], rank: 1 }];
}

function cgroupLine(model: Model, glyphs: Glyphs): Line {
  const { limit = null, usage = null, swap = null } = instanceOf(model)?.memory?.cgroup ?? {};
  return [
    span('cgroup ', 'dim'),
    number(usage, bytes, glyphs, 'bright'),
    ...(usage === null ? [] : limitBar(usage, limit, glyphs)),
    ...(swap === null || swap === 0 ? [] : [span(`, ${bytes(swap)} swapped`, 'attention')]),
  ];
}

/** How much of a limit is taken. */
function limitBar(usage: number, limit: number | null, { bar }: Glyphs): Line {
  if (limit === null) return [span(' without a limit', 'dim')];
  const share = Math.min(1, usage / limit);
  const style = share >= FULL ? 'alarm' : share >= HIGH ? 'attention' : 'measure';
  const full = Math.round(share * BAR);
  return [
    span(` of ${bytes(limit)} `, 'dim'),
    span(bar.busy.repeat(full), style),
    span(bar.other.repeat(BAR - full), 'dim'),
    span(` ${Math.round(100 * share)} %`, style === 'measure' ? 'dim' : style),
  ];
}

/** Sentences on what this server does not tell; what is not known yet is no such thing. */
function missing(model: Model): readonly string[] {
  const workers = (instanceOf(model)?.workers ?? []).map((worker) => {
    const rss = worker.pid === 0 ? null : measured(worker.rss);
    const [heap, external] = [measured(worker.heap_used), externalOf(worker)];
    const requests = worker.delta_requests ?? null;
    const now = rss === null ? null : { t: 0, rss, pss: null, uss: null, heap, external, requests };
    return { id: worker.id, now, seen: Infinity };
  });
  const source = isUwsgi(model) ? 'uwsgi' : 'tsuwsgi';
  return missingOf({ workers, windowS: TREND_MS / 1000 }, source);
}

/** What the signs of bars and trends mean; of the parts those that are drawn. */
export function legendLine(model: Model, drawn: ReadonlySet<string>): Line {
  const glyphs = glyphsFor(model.ascii);
  const { workers } = instanceOf(model) ?? { workers: [] };
  const known = PARTS.filter((part) => drawn.has(part));
  const words = { other: 'rss, its other parts are not known' } as Readonly<Record<string, string>>;
  const pieces: Piece[] = [
    ...known.map((part, index) => ({
      line: [span(glyphs.parts[part], PART_STYLES[part]), span(` ${words[part] ?? part}`, 'dim')],
      rank: index === 0 ? 0 : 1,
    })),
    ...(drawn.has('limit')
      ? [{ line: [span(glyphs.limit, 'attention'), span(' first limit', 'dim')], rank: 2 }]
      : []),
    { line: [span(`bars to ${shortBytes(barTop(workers, limitsShown(model)))}`, 'dim')], rank: 4 },
    { line: [span(`${glyphs.recycled} new process`, 'dim')], rank: 3 },
    { line: [span(`trend of ${duration(TREND_MS / 1000)}`, 'dim')], rank: 5 },
  ];
  return [span(' '), ...flowed(pieces, model.width - 2, 2)];
}
