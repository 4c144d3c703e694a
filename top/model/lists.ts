import { movedDetail } from './detail-state.js';
import { movedEvents, settledEvents, shownEvents, withList } from './event-list.js';
import type { Filter } from './list-states.js';
import type { Model } from './model.js';
import { countOthers, hiddenOthers, movedOthers, otherRows, shownTop } from './others.js';
import { readQuery } from './query.js';
import { movedTasks, queueShares, settledTasks, tasksOf } from './queue-tasks.js';
import {
  allRequests,
  movedRequests,
  REQUEST_SEARCH,
  requestRows,
  settledRequests,
  shownRequests,
  withRequests,
} from './request-list.js';
import type { Screen } from './screens.js';
import {
  allRows,
  type Move,
  moved,
  settled,
  tableRows,
  lineCount,
  visibleRows,
  visibleVassals,
  withTable,
} from './table-state.js';
import { WORKER_SEARCH } from './worker-fields.js';

/** What the keys for moving and filtering do on a view, and what its footer says of the list. */
export interface List {
  readonly filter: (model: Model) => Filter;
  readonly withFilter: (model: Model, filter: Filter) => Model;
  readonly moved: (model: Model, move: Move) => Model;
  /** How many lines pass the filter, and how many there are. */
  readonly count: (model: Model) => { readonly found: number; readonly total: number };
  /** What is wrong with the filter, in a sentence; null when nothing is. */
  readonly problem?: (model: Model) => string | null;
  /** The part in sight, `1-17 of 40`; empty when all of it is, or when the view says it itself. */
  readonly position: (model: Model) => string;
}

const WORKERS: List = {
  filter: (model) => model.table.filter,
  withFilter: (model, filter) => settled(withTable(model, { filter })),
  moved,
  problem: ({ shown, table }) =>
    shown !== null && shown.document.kind !== 'instance'
      ? null
      : readQuery(table.filter.text, WORKER_SEARCH).problem,
  count(model) {
    const { document } = model.shown ?? {};
    return document?.kind === 'emperor'
      ? { found: visibleVassals(model).length, total: document.emperor.vassals.length }
      : { found: visibleRows(model).length, total: allRows(model).length };
  },
  position(model) {
    const total =
      model.shown?.document.kind === 'emperor' ? visibleVassals(model).length : lineCount(model);
    return windowText(model.table.top, tableRows(model), total);
  },
};

const REQUESTS: List = {
  filter: (model) => model.requestList.filter,
  withFilter: (model, filter) => settledRequests(withRequests(model, { filter })),
  moved: movedRequests,
  problem: ({ requestList }) => readQuery(requestList.filter.text, REQUEST_SEARCH).problem,
  count: (model) => ({ found: shownRequests(model).length, total: allRequests(model).length }),
  position: (model) =>
    windowText(model.requestList.top, requestRows(model), shownRequests(model).length),
};

const EVENTS: List = {
  filter: (model) => model.eventList.filter,
  withFilter: (model, filter) => settledEvents(withList(model, { filter })),
  moved: movedEvents,
  count: (model) => ({
    found: shownEvents(model).events.length,
    total: model.events.events.length,
  }),
  position: () => '',
};

/** The figures of one worker: lines to move over, none to choose from. */
const DETAIL: List = {
  filter: () => ({ text: '', editing: false }),
  withFilter: (model) => model,
  moved: movedDetail,
  count: () => ({ found: 0, total: 0 }),
  // Its title line says it.
  position: () => '',
};

/** What is not a worker. */
const OTHERS: List = {
  filter: (model) => model.others.filter,
  withFilter: (model, filter) => ({ ...model, others: { filter, top: 0 } }),
  moved: movedOthers,
  count: countOthers,
  position: (model) =>
    windowText(shownTop(model), otherRows(model), otherRows(model) + hiddenOthers(model)),
};

/** The tasks of one queue. */
const TASKS: List = {
  filter: () => ({ text: '', editing: false }),
  withFilter: (model) => model,
  moved: movedTasks,
  count: (model) => ({ found: tasksOf(model).length, total: tasksOf(model).length }),
  position: (model) =>
    windowText(model.queue?.top ?? 0, queueShares(model).rows, tasksOf(model).length),
};

/** The list of each view. */
export const LISTS: Readonly<Record<Screen, List>> = {
  overview: WORKERS,
  workers: WORKERS,
  requests: REQUESTS,
  memory: WORKERS,
  events: EVENTS,
  others: OTHERS,
  detail: DETAIL,
  queue: TASKS,
};

/** Brings the window of every list to the data, after these or the place for them changed. */
export function arranged(model: Model): Model {
  return settledTasks(settledEvents(settledRequests(settled(model))));
}

/** The filter of the view that is shown. */
export function filterOf(model: Model): Filter {
  return LISTS[model.screen].filter(model);
}

/** Which lines of a list are in sight: `1-17 of 40`; empty when all of them are. */
export function windowText(top: number, rows: number, total: number): string {
  if (rows === 0 || total <= rows) return '';
  return `${top + 1}-${Math.min(total, top + rows)} of ${total}`;
}
