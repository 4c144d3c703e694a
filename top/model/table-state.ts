import type { DecodedInstance } from '../../shared/stats.js';
import { geometry, listRows } from './geometry.js';
import type { InFlightRequest } from './in-flight.js';
import { memoryShares } from './memory-shares.js';
import { documentTime } from './currency.js';
import { type Selection, type TableState } from './list-states.js';
import { type Model } from './model.js';
import { passing } from './query.js';
import type { Rates } from './rates.js';
import { lastOf } from './remember.js';
import { buildRows, isRow, type RowIdentity, type WorkerRow } from './rows.js';
import { type Sort, sorted } from './sort-keys.js';
import type { WorkerHistory } from './worker-history.js';
import { WORKER_SEARCH } from './worker-fields.js';

/** A line of the table: a worker, or below it one of its requests in flight. */
export type TableLine =
  | { readonly kind: 'worker'; readonly row: WorkerRow }
  | { readonly kind: 'request'; readonly row: WorkerRow; readonly request: InFlightRequest };

/** The shown instance; null before the first document and with an Emperor. */
export function instanceOf(model: Model): DecodedInstance | null {
  const document = model.shown?.document;
  return document?.kind === 'instance' ? document.instance : null;
}

/**
 * Whether the table has all the room there is: with the requests listed in it, a list of their own
 * says nothing more, and an Emperor or a server not seen yet has none.
 */
export function tableAlone(model: Model): boolean {
  return model.table.cores || instanceOf(model) === null;
}

/** The order of the rows on the screen that is shown. */
export function sortOf({ screen, table }: Model): Sort {
  return screen === 'memory' ? table.memorySort : table.sort;
}

/** The model with another one. */
export function withSort(model: Model, sort: Sort): Model {
  return settled(withTable(model, model.screen === 'memory' ? { memorySort: sort } : { sort }));
}

/** Whether requests in flight are listed under their worker on the screen that is shown. */
function coresShown({ screen, table }: Model): boolean {
  return table.cores && screen !== 'memory';
}

/** How many lines of the table can be in sight. */
export function tableRows(model: Model): number {
  if (model.screen === 'workers') return listRows(model.width, model.height);
  const instance = model.screen === 'memory' ? instanceOf(model) : null;
  if (instance !== null) {
    return memoryShares(model.width, model.height, instance.workers.length).rows;
  }
  return geometry(model.width, model.height, tableAlone(model)).rows;
}

/** Every row of the shown instance, in the document's order. */
export function allRows(model: Model): readonly WorkerRow[] {
  const instance = instanceOf(model);
  if (instance === null) return [];
  const { rates, byWorker } = model.history;
  return rowsOf(instance, rates, byWorker, documentTime(model));
}

const rowsOf = lastOf(
  (instance: DecodedInstance, rates: Rates, history: WorkerHistory, now: number | null) =>
    buildRows({ instance, rates, history, now }),
);

/** The rows that pass the filter, in the chosen order. */
export function visibleRows(model: Model): readonly WorkerRow[] {
  return listed(allRows(model), model.table.filter.text, sortOf(model));
}

const listed = lastOf((rows: readonly WorkerRow[], filter: string, sort: Sort) =>
  sorted(passing(rows, filter, WORKER_SEARCH), sort),
);

/** The vassals that pass the filter. */
export function visibleVassals(model: Model): readonly { id: string; pid: number }[] {
  const document = model.shown?.document;
  if (document?.kind !== 'emperor') return [];
  const wanted = model.table.filter.text.trim().toLowerCase();
  return document.emperor.vassals.filter(({ id, pid }) =>
    `${id} ${pid}`.toLowerCase().includes(wanted),
  );
}

/** So many lines from one on of the table on the screen that is shown. */
export function visibleLines(model: Model, from: number, count: number): readonly TableLine[] {
  const rows = visibleRows(model);
  if (coresShown(model)) return tableLines(rows, true).slice(from, from + count);
  // Of a thousand rows fifty are in sight.
  return tableLines(rows.slice(from, from + count), false);
}

/** How many lines there are. */
export function lineCount(model: Model): number {
  const rows = visibleRows(model);
  return coresShown(model) ? tableLines(rows, true).length : rows.length;
}

/** The rows as lines, with the requests in flight under each worker where they are wanted. */
export const tableLines = lastOf(
  (rows: readonly WorkerRow[], cores: boolean): readonly TableLine[] => {
    if (!cores) return rows.map((row) => ({ kind: 'worker', row }));
    return rows.flatMap((row): TableLine[] => [
      { kind: 'worker', row },
      ...row.requests.map((request): TableLine => ({ kind: 'request', row, request })),
    ]);
  },
);

export type SelectionState = 'none' | 'shown' | 'hidden' | 'gone';

/** Whether the marked process is in the table, filtered away, or no longer there at all. */
export function selectionState(model: Model): SelectionState {
  const { selection } = model.table;
  if (selection === null) return 'none';
  const { identity } = selection;
  if (visibleRows(model).some((row) => isRow(row, identity))) return 'shown';
  return rowOf(model, identity) === null ? 'gone' : 'hidden';
}

/** The row of an identity in the newest document, filtered away or not; null when it is gone. */
export function rowOf(model: Model, identity: RowIdentity): WorkerRow | null {
  return allRows(model).find((row) => isRow(row, identity)) ?? null;
}

export type Move = 'up' | 'down' | 'page-up' | 'page-down' | 'first' | 'last';

function step(move: Move, page: number, length: number): number {
  const steps: Record<Move, number> = {
    up: -1,
    down: 1,
    'page-up': -page,
    'page-down': page,
    first: -length,
    last: length,
  };
  return steps[move];
}

/** The index that a move leads to; a lost selection continues where it was seen last. */
function target(selection: Selection | null, found: number, delta: number): number {
  if (found >= 0) return found + delta;
  if (selection === null) return delta > 0 ? delta - 1 : delta < -1 ? 0 : Number.MAX_SAFE_INTEGER;
  // The neighbour below has moved up into the lost row's place.
  return selection.index + (delta > 0 ? delta - 1 : delta);
}

/** Moves the mark (in an Emperor's table, which has none, the window). */
export function moved(model: Model, move: Move): Model {
  const page = Math.max(1, tableRows(model) - 1);
  if (instanceOf(model) === null) {
    const top = model.table.top + step(move, page, visibleVassals(model).length);
    return settled(withTable(model, { top }));
  }
  const rows = visibleRows(model);
  if (rows.length === 0) return model;
  const { selection } = model.table;
  const found = selection === null ? -1 : rows.findIndex((row) => isRow(row, selection.identity));
  const wanted = target(selection, found, step(move, page, rows.length));
  const index = Math.min(rows.length - 1, Math.max(0, wanted));
  const row = rows[index];
  if (row === undefined) return model;
  return settled(withTable(model, { selection: { identity: row.identity, index } }));
}

/** The model with parts of its table state replaced. */
export function withTable(model: Model, change: Partial<TableState>): Model {
  return { ...model, table: { ...model.table, ...change } };
}

/**
 * Brings the window to the data after either changed: the marked row stays in sight, and the window
 * stays on the table. The mark itself is never touched here: only a key moves it.
 */
export function settled(model: Model): Model {
  const height = tableRows(model);
  if (instanceOf(model) === null) {
    return scrolledTo(model, model.table.top, visibleVassals(model).length - height);
  }
  const rows = visibleRows(model);
  const last = lineCount(model) - height;
  const { selection } = model.table;
  if (selection === null) return scrolledTo(model, model.table.top, last);
  const index = rows.findIndex((row) => isRow(row, selection.identity));
  if (index < 0) return scrolledTo(model, model.table.top, last);
  const line = coresShown(model) ? lineOf(rows, selection.identity) : index;
  const top = Math.min(line, Math.max(model.table.top, line - height + 1));
  const marked =
    index === selection.index ? model : withTable(model, { selection: { ...selection, index } });
  return scrolledTo(marked, top, last);
}

/** Where a worker stands among lines that have its requests in flight between them. */
function lineOf(rows: readonly WorkerRow[], identity: RowIdentity): number {
  return tableLines(rows, true).findIndex(
    ({ kind, row }) => kind === 'worker' && isRow(row, identity),
  );
}

function scrolledTo(model: Model, wanted: number, last: number): Model {
  const top = Math.max(0, Math.min(wanted, last));
  return top === model.table.top ? model : withTable(model, { top });
}
