import { insteadOfWorkers } from '../model/routers-alone.js';
import { type ColumnWindow, columnWindow, TABLE_MARGIN } from '../model/column-window.js';
import type { PlacedColumn } from '../model/column-specs.js';
import { isOutdated, modelFreshness } from '../model/currency.js';
import { type Model } from '../model/model.js';
import { sanitizeShort } from '../model/sanitize.js';
import { lineCount, sortOf, visibleLines, visibleVassals } from '../model/table-state.js';
import { lastOf } from '../model/remember.js';
import { type Sort, SORT_KEYS } from '../model/sort-keys.js';
import { type Column, filledPlaces } from './columns.js';
import type { Line, Span } from './frame.js';
import { type Glyphs, glyphsFor } from './glyphs.js';
import { cut, fit, span } from './text.js';
import { withoutWorkers } from '../model/without-workers.js';
import { drawnLines, type TableStyle } from './table-lines.js';

/** What a title needs of its column. */
type Titled = Pick<Column, 'title' | 'align'> & { readonly id: string };

/** The line of column titles, with the sign of the order at the sorted one. */
export function titleLine(
  placed: readonly PlacedColumn<Titled>[],
  sort: Sort | null,
  view: Omit<TableStyle, 'old'>,
): Line {
  const { glyphs, gap, width } = view;
  const sign = sort?.descending === true ? glyphs.descending : glyphs.ascending;
  const text = placed
    .map(({ column, width: wide }) => {
      const { title, align } = column;
      if (column.id !== sort?.by) {
        return fit(title, wide, align, glyphs.ellipsis) + ' '.repeat(gap);
      }
      // The sign stands where the column has room, else in the gap, so that nothing moves with it.
      if (title.length < wide) {
        const marked = align === 'left' ? title + sign : sign + title;
        return fit(marked, wide, align, glyphs.ellipsis) + ' '.repeat(gap);
      }
      return fit(title, wide, align, glyphs.ellipsis) + sign.padEnd(gap);
    })
    .join('');
  return [
    span(fit(' '.repeat(TABLE_MARGIN) + text.trimEnd(), width, 'left', glyphs.ellipsis), 'header'),
  ];
}

/** Titles with signs at the ends beyond which there are more columns. */
function withSigns(
  titles: Line,
  { before, after }: Pick<ColumnWindow, 'before' | 'after'>,
  { left, right }: Glyphs,
): Line {
  const text = titles.map((part) => part.text).join('');
  const from = before ? left + text.slice(1) : text;
  return [span(after ? from.slice(0, -1) + right : from, 'header')];
}

/** The same titles, each of which sorts by its column where one can sort by it. */
function clickable(
  titles: Line,
  { placed, gap }: { readonly placed: readonly PlacedColumn<Titled>[]; readonly gap: number },
): Line {
  const text = titles.map((part) => part.text).join('');
  let from = 0;
  let to = TABLE_MARGIN;
  const parts = placed.map(({ column, width }): Span => {
    to += width + gap;
    const part = span(text.slice(from, to), 'header');
    from = to;
    const key = SORT_KEYS.find(({ id }) => id === column.id);
    return key === undefined ? part : { ...part, target: { kind: 'sort', by: key.id } };
  });
  return [...parts, span(text.slice(to), 'header')];
}

/** Titles and visible lines of the table, `height` lines below the titles. */
export function tableView(model: Model, height: number): readonly Line[] {
  if (model.shown?.document.kind === 'emperor') return vassalTable(model, height);
  return workerTable(model, height, filledWindow(columnWindow(model)));
}

const filledWindow = lastOf((columns: ColumnWindow): TableColumns => ({
  ...columns,
  placed: filledPlaces(columns.placed),
}));

/** The columns of a table that are in sight, with what fills them. */
export interface TableColumns extends Omit<ColumnWindow, 'placed'> {
  readonly placed: readonly PlacedColumn<Column>[];
}

/** Columns in sight, of which only the titles are asked for. */
interface TitledColumns extends Omit<ColumnWindow, 'placed'> {
  readonly placed: readonly PlacedColumn<Titled>[];
}

/** The titles of columns, where the table is sorted by one with its sign. */
export function tableTitles(model: Model, columns: TitledColumns): Line {
  return titlesOf(columns, sortOf(model), glyphsFor(model.ascii), model.width);
}

const titlesOf = lastOf(
  (columns: TitledColumns, sort: Sort, glyphs: Glyphs, width: number): Line => {
    const titles = titleLine(columns.placed, sort, { glyphs, gap: columns.gap, width });
    return clickable(withSigns(titles, columns, glyphs), columns);
  },
);

/** The same of the workers, with the columns that a view wants. */
export function workerTable(model: Model, height: number, columns: TableColumns): readonly Line[] {
  const { placed, gap } = columns;
  const { ascii, width } = model;
  const view: TableStyle = { glyphs: glyphsFor(ascii), gap, width, old: isOutdated(model) };
  const titles = tableTitles(model, columns);
  const shown = visibleLines(model, model.table.top, height);
  if (lineCount(model) === 0) return [titles, [], emptyLine(model)];
  return [titles, ...drawnLines(shown, model, placed, view)];
}

/** Never a blank table: why there is nothing in it. */
export function emptyLine(model: Model): Line {
  const { ellipsis } = glyphsFor(model.ascii);
  return [span(cut(`  ${emptyText(model)}`, model.width, ellipsis), 'dim')];
}

function emptyText(model: Model): string {
  if (model.shown === null) return waitingText(model);
  const none = withoutWorkers(model.shown.document);
  if (none !== null) return `${none}: 6 shows what it has`;
  if (model.table.filter.text !== '') return `no worker matches "${model.table.filter.text}"`;
  const { document } = model.shown;
  const instead = document.kind === 'instance' ? insteadOfWorkers(document.instance) : null;
  return `this server has no workers${instead === null ? '' : `, ${instead}: 6 shows them`}`;
}

function waitingText(model: Model): string {
  const state = modelFreshness(model);
  switch (state.kind) {
    case 'disconnected':
      return `${model.address}: ${state.message}`;
    case 'problem':
      return `${model.address} answered, but: ${state.message}`;
    case 'waiting':
    case 'live':
    case 'stale':
    case 'past':
      return `waiting for ${model.address} ...`;
  }
}

function vassalTable(model: Model, height: number): readonly Line[] {
  const { ellipsis } = glyphsFor(model.ascii);
  const { width } = model;
  const titles = [span(fit('      PID  VASSAL', width, 'left', ellipsis), 'header')];
  const vassals = visibleVassals(model);
  if (vassals.length === 0) {
    const text =
      model.table.filter.text === ''
        ? 'this Emperor has no vassals'
        : `no vassal matches "${model.table.filter.text}"`;
    return [titles, [], [span(cut(`  ${text}`, width, ellipsis), 'dim')]];
  }
  const lines = vassals
    .slice(model.table.top, model.table.top + height)
    .map(({ id, pid }) => [
      span(cut(`${String(pid).padStart(9)}  ${sanitizeShort(id)}`, width, ellipsis)),
    ]);
  return [titles, ...lines];
}
