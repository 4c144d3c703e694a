import { bytes } from '../../shared/units.js';
import { placeColumns, type PlacedColumn } from '../model/column-specs.js';
import { TABLE_MARGIN } from '../model/column-window.js';
import type { Verdict } from '../../shared/memory/verdict.js';
import { poolOf, trendOf } from '../model/memory.js';
import { verdictOf, worries } from '../model/memory-verdict.js';
import type { Model } from '../model/model.js';
import { measured } from '../model/measured.js';
import { allRows, instanceOf, tableRows } from '../model/table-state.js';
import { geometry } from '../model/geometry.js';
import { type Column, COLUMNS, number } from './columns.js';
import type { Line, Span } from './frame.js';
import { type Glyphs, glyphsFor } from './glyphs.js';
import { tableView, workerTable } from './table-view.js';
import { flowed, type Piece, span } from './text.js';
import { trend } from './trend.js';

/** The sums of all workers, and below them each worker with its sizes and how they change. */
export function memoryView(model: Model): readonly Line[] {
  if (instanceOf(model) === null) return tableView(model, tableRows(model));
  const { tier, gap: between } = geometry(model.width, model.height, true);
  const pool = poolLine(model);
  if (tier === 'tiny') return [pool];
  const blank: Line[] = between > 0 ? [[]] : [];
  const gap = gapOf(model);
  const columns = { placed: memoryPlaces(model), gap, before: false, after: false };
  return [pool, ...blank, ...workerTable(model, tableRows(model), columns)];
}

/** Columns stand two apart on a wide terminal. */
function gapOf({ width }: Model): number {
  return width >= 150 ? 2 : 1;
}

/** The columns that are in sight. */
export function memoryPlaces(model: Model): readonly PlacedColumn<Column>[] {
  return placeColumns(memoryColumns(model), model.width - TABLE_MARGIN, gapOf(model));
}

/** `POOL  rss 1.2G  pss 812M  430M counted twice`. */
function poolLine(model: Model): Line {
  const glyphs = glyphsFor(model.ascii);
  const { rss, pss, shared, heap, workers } = poolOf(instanceOf(model) ?? { workers: [] });
  const figure = (name: string, value: number | null, rank: number, what = ''): Piece => ({
    line: [span(`${name} `, 'dim'), number(value, bytes, glyphs, 'bright'), span(what, 'dim')],
    rank,
  });
  const many = `${workers} worker${workers === 1 ? '' : 's'} measured`;
  const pieces: Piece[] = [
    { line: [span('POOL', 'title')], rank: 3 },
    ...worryPieces(model),
    figure('rss', rss, 0),
    figure('pss', pss, 1),
    figure('counted twice in rss', shared, 2),
    figure('heap', heap, 4),
    { line: [span(many, 'dim')], rank: 5 },
  ];
  return [span(' '), ...flowed(pieces, model.width - 2, 3)];
}

const right = { align: 'right' } as const;
const left = { align: 'left' } as const;

/** Columns of the overview, and what of them folds first here. */
const KNOWN: Readonly<Partial<Record<Column['id'], number>>> = {
  wid: 0,
  status: 0,
  pid: 6,
  rss: 0,
  pss: 1,
  heap: 3,
  vsz: 8,
  spawned: 9,
};

/** The columns of the view; the trend is that of the model's history. */
function memoryColumns(model: Model): readonly Column[] {
  const of = (id: Column['id']): Column[] =>
    COLUMNS.filter((column) => column.id === id).map((column) => ({
      ...column,
      fold: KNOWN[id] ?? column.fold,
    }));
  return [
    ...[...of('wid'), ...of('status'), ...verdictColumns(model), ...of('pid'), ...of('rss')],
    ...[...of('pss'), ...USS, ...of('vsz'), ...of('heap'), ...HEAP],
    {
      ...{ id: 'growth', title: 'RSS/h', width: 7, fold: 2, ...right },
      cell: (row, glyphs) => growthSpan(trendOf(model, row).perHour, row.worker.rss ?? 0, glyphs),
    },
    {
      ...{ id: 'trend', title: 'RSS TREND', width: 10, fold: 4, ...left },
      cell: (row, glyphs) =>
        span(
          trend(
            trendOf(model, row).sizes.map((size) => size.bytes),
            10,
            glyphs,
          ),
          'measure',
        ),
    },
    ...of('spawned'),
  ];
}

const USS: readonly Column[] = [
  {
    ...{ id: 'uss', title: 'USS', width: 5, fold: 5, ...right },
    cell: ({ worker: { uss } }, glyphs) => number(uss, bytes, glyphs),
  },
];

const HEAP: readonly Column[] = [
  {
    ...{ id: 'limit', title: 'LIMIT', width: 5, fold: 10, ...right },
    cell: (row, glyphs) => number(measured(row.worker.heap_limit), bytes, glyphs),
  },
  {
    ...{ id: 'full', title: 'HEAP %', width: 6, fold: 7, ...right },
    cell: ({ worker: { heap_used: used, heap_limit: limit } }, glyphs) => {
      const [part, whole] = [measured(used), measured(limit)];
      const share = part === null || whole === null ? null : (100 * part) / whole;
      const style = (share ?? 0) >= FULL ? 'attention' : 'normal';
      return number(share, (value) => Math.round(value).toString(), glyphs, style);
    },
  },
];

/** Percent of the heap's limit from which on it is worth a look. */
const FULL = 80;
/** A change of less than this share of the size in an hour is noise. */
const NOISE = 0.01;

/** The verdict of docs/memory.md, and where memory grows. */
function verdictColumns(model: Model): readonly Column[] {
  return [
    {
      ...{ id: 'verdict', title: 'VERDICT', width: 9, fold: 1, ...left },
      cell: (row, glyphs) => verdictSpan(verdictOf(model, row)?.verdict, glyphs),
    },
    {
      ...{ id: 'where', title: 'WHERE', width: 8, fold: 6, ...left },
      cell: (row, glyphs) => {
        const where = verdictOf(model, row)?.where ?? null;
        return span(where ?? glyphs.unknown, where === null ? 'dim' : 'normal');
      },
    },
  ];
}

function verdictSpan(verdict: Verdict | undefined, { state, unknown }: Glyphs): Span {
  switch (verdict) {
    case undefined:
      return span(unknown, 'dim');
    case 'none':
      return span(`${state.idle} none`, 'dim');
    case 'warm-up':
      return span(`${state.start} warm-up`);
    case 'suspect':
      return span(`${state.stuck} suspect`, 'attention');
    case 'leak':
      return span(`${state.stuck} leak`, 'alarm');
  }
}

/** `1 leak, 2 suspect`; nothing while there is none. */
function worryPieces(model: Model): readonly Piece[] {
  return worries(model, allRows(model)).map(([verdict, count]) => ({
    line: [span(`${count} ${verdict}`, verdict === 'leak' ? 'alarm' : 'attention')],
    rank: 1,
  }));
}

/** A change an hour with its sign; small ones are dim. */
function growthSpan(perHour: number | null, rss: number, glyphs: Glyphs): Span {
  if (perHour === null) return span(glyphs.unknown, 'dim');
  const text = `${perHour < 0 ? '-' : '+'}${bytes(Math.abs(perHour))}`;
  return span(text, Math.abs(perHour) < NOISE * rss ? 'dim' : 'bright');
}
