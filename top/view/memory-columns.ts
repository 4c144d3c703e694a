import type { LimitName } from '../../shared/memory/reach.js';
import type { Verdict } from '../../shared/memory/verdict.js';
import { bytes, duration } from '../../shared/units.js';
import { type ColumnSpec, placeColumns, type PlacedColumn } from '../model/column-specs.js';
import { TABLE_MARGIN } from '../model/column-window.js';
import { limitsShown, reachesOf } from '../model/memory-limit.js';
import { verdictOf } from '../model/memory-verdict.js';
import { externalOf, measured } from '../model/measured.js';
import { partsOf } from '../model/memory-parts.js';
import type { Model } from '../model/model.js';
import type { WorkerRow } from '../model/rows.js';
import { instanceOf } from '../model/table-state.js';
import { shortBytes } from './chart.js';
import { type Column, COLUMNS, number } from './columns.js';
import type { Line, Span } from './frame.js';
import { type Glyphs, glyphsFor } from './glyphs.js';
import { barTop, memoryBar } from './memory-bar.js';
import {
  bandText,
  kilobytesAThousand,
  megabytesAnHour,
  signedNumber,
} from './memory-report/figures.js';
import { sizeColumns, TREND_MS } from './size-columns.js';
import { span } from './text.js';
import { trend } from './trend.js';

/** A column of the memory view; what stands in it may have several styles. */
export interface MemoryColumn extends Omit<ColumnSpec, 'id' | 'meaning'> {
  readonly id: string;
  readonly cell: (row: WorkerRow, width: number) => Line;
}

/** From so many columns on there is room between columns, and for longer bars and trends. */
const WIDE = 150;

/** Screen columns between two of the table. */
export function memoryGap({ width }: Model): number {
  return width >= WIDE ? 2 : 1;
}

/** The columns that are in sight; verdict and worker never fold. */
export function memoryPlaces(model: Model): readonly PlacedColumn<MemoryColumn>[] {
  return placeColumns(memoryColumns(model), model.width - TABLE_MARGIN, memoryGap(model));
}

const right = { align: 'right' } as const;
const left = { align: 'left' } as const;

/** In the order of the screen, and what of them folds first. */
function memoryColumns(model: Model): readonly MemoryColumn[] {
  const glyphs = glyphsFor(model.ascii);
  return [
    ...known('wid', 0, glyphs),
    {
      ...{ id: 'verdict', title: 'VERDICT', width: 9, fold: 0, ...left },
      cell: (row) => [verdictSpan(verdictOf(model, row)?.verdict, glyphs)],
    },
    {
      ...{ id: 'where', title: 'WHERE', width: 8, fold: 4, ...left },
      cell: (row) => [whereSpan(model, row, glyphs)],
    },
    ...known('status', 10, glyphs),
    ...known('pid', 14, glyphs),
    ...known('rss', 1, glyphs),
    barColumn(model, glyphs),
    ...known('pss', 8, glyphs),
    sizeColumn({ id: 'uss', title: 'USS', fold: 11 }, ({ worker }) => worker.uss ?? null, glyphs),
    ...known('heap', 9, glyphs),
    fullColumn(glyphs),
    sizeColumn(
      { id: 'external', title: 'EXT', fold: 12 },
      ({ worker }) => externalOf(worker),
      glyphs,
    ),
    sizeColumn(
      { id: 'native', title: 'NATIVE', fold: 15 },
      ({ worker }) => partsOf(worker)?.native ?? null,
      glyphs,
    ),
    ...growthColumns(model, glyphs),
    trendColumn(model, glyphs),
    {
      ...{ id: 'reaches', title: 'REACHES', width: 11, fold: 6, ...left },
      cell: (row) => [reachSpan(model, row, glyphs)],
    },
    ...known('spawned', 17, glyphs),
    ...known('vsz', 18, glyphs),
  ];
}

/** A column of the overview. */
function known(id: Column['id'], fold: number, glyphs: Glyphs): MemoryColumn[] {
  return COLUMNS.filter((column) => column.id === id).map(({ cell, title, width, align }) => ({
    ...{ id, title, width, align, fold },
    cell: (row) => [cell(row, glyphs)],
  }));
}

function sizeColumn(
  { id, title, fold }: Pick<MemoryColumn, 'id' | 'title' | 'fold'>,
  of: (row: WorkerRow) => number | null,
  glyphs: Glyphs,
): MemoryColumn {
  const width = Math.max(5, title.length);
  return { id, title, width, fold, ...right, cell: (row) => [number(of(row), bytes, glyphs)] };
}

/** What all of it is made of; it gets the columns that are left over. */
function barColumn(model: Model, glyphs: Glyphs): MemoryColumn {
  const limits = limitsShown(model);
  const top = barTop(instanceOf(model)?.workers ?? [], limits);
  return {
    ...{ id: 'bar', title: `0 TO ${shortBytes(top)}`, fold: 2, grows: true, ...left },
    width: model.width >= WIDE ? 24 : 14,
    cell: (row, width) => memoryBar(row.worker, { width, top, limits }, glyphs),
  };
}

/** Percent of the heap's limit from which on it is worth a look. */
const FULL = 80;

function fullColumn(glyphs: Glyphs): MemoryColumn {
  return {
    ...{ id: 'full', title: 'HEAP %', width: 6, fold: 13, ...right },
    cell: ({ worker: { heap_used: used, heap_limit: limit } }) => {
      const [part, whole] = [measured(used), measured(limit)];
      const share = part === null || whole === null ? null : (100 * part) / whole;
      const style = (share ?? 0) >= FULL ? 'attention' : 'normal';
      return [number(share, (value) => Math.round(value).toString(), glyphs, style)];
    },
  };
}

/** The slope of the verdict, its band, and the same for requests. */
function growthColumns(model: Model, glyphs: Glyphs): readonly MemoryColumn[] {
  const dash: Line = [span(glyphs.unknown, 'dim')];
  return [
    {
      ...{ id: 'growth', title: 'MB/h', width: 7, fold: 3, ...right },
      cell: (row) => {
        const growth = verdictOf(model, row);
        const figure = megabytesAnHour(growth?.rss ?? null);
        if (figure === null) return dash;
        const quiet = growth?.verdict === 'none';
        return [span(signedNumber(figure.value), quiet ? 'dim' : 'bright')];
      },
    },
    {
      ...{ id: 'band', title: '95% BAND', width: 13, fold: 7, ...left },
      cell: (row) => {
        const figure = megabytesAnHour(verdictOf(model, row)?.rss ?? null);
        return figure === null ? dash : [span(bandText(figure), 'dim')];
      },
    },
    {
      ...{ id: 'request', title: 'KB/1k REQ', width: 9, fold: 16, ...right },
      cell: (row) => {
        const figure = kilobytesAThousand(verdictOf(model, row)?.perRequest ?? null);
        return figure === null ? dash : [span(signedNumber(figure.value))];
      },
    },
  ];
}

/** The size over the window of the verdict. */
function trendColumn(model: Model, glyphs: Glyphs): MemoryColumn {
  return {
    ...{ id: 'trend', title: 'RSS TREND', fold: 5, ...left },
    width: model.width >= WIDE ? 20 : 10,
    cell: ({ worker }, width) => {
      const { values, recycled } = sizeColumns(model, worker.id, width, TREND_MS);
      return [span(trend(values, recycled, glyphs), 'measure')];
    },
  };
}

/** The word of a verdict with its sign. */
export function verdictSpan(verdict: Verdict | undefined, { state, unknown }: Glyphs): Span {
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

function whereSpan(model: Model, row: WorkerRow, { unknown }: Glyphs): Span {
  const where = verdictOf(model, row)?.where ?? null;
  return span(where ?? unknown, where === null ? 'dim' : 'normal');
}

/** Less time than this is left to look for it. */
const SOON_S = 3600;
/** What is reached, in a word: an option by what it limits, V8's limit by its maker. */
const LIMIT_WORDS: Readonly<Record<LimitName, string>> = {
  'reload-on-rss': 'rss',
  'reload-on-uss': 'uss',
  'reload-on-pss': 'pss',
  'reload-on-heap': 'heap',
  'heap limit': 'v8 heap',
  'memory-budget': 'budget',
  cgroup: 'cgroup',
};

function reachSpan(model: Model, row: WorkerRow, { unknown }: Glyphs): Span {
  const reach = reachesOf(model, row);
  if (reach === null) return span(unknown, 'dim');
  const { inS, limit } = reach;
  const text = `${duration(inS)} ${LIMIT_WORDS[limit]}`;
  return span(text, inS < SOON_S ? 'alarm' : 'attention');
}
