import { listRows } from './geometry.js';
import type { InFlightRequest } from './in-flight.js';
import type { RequestList } from './list-states.js';
import type { Model } from './model.js';
import { passing, type Searched } from './query.js';
import { lastOf } from './remember.js';
import { isRow, type WorkerRow } from './rows.js';
import { allRows, type Move, settled, visibleRows, withTable } from './table-state.js';
import { COUNT, SECONDS } from './worker-fields.js';

/** A request in flight and who serves it. */
export interface FlyingRequest {
  /**
   * Names the request, not its place: the process, its core and when it began. Where no start is
   * told, what it asks for stands in for it.
   */
  readonly key: string;
  readonly row: WorkerRow;
  readonly request: InFlightRequest;
}

function keyOf({ identity }: WorkerRow, { core, start, method, uri }: InFlightRequest): string {
  const { worker, pid, spawned, nth } = identity;
  return [worker, pid, spawned, nth, core, start ?? `${method} ${uri}`].join('/');
}

/** The requests in flight of all workers, oldest first; those without a start come last. */
export function allRequests(model: Model): readonly FlyingRequest[] {
  return requestsOf(allRows(model));
}

const requestsOf = lastOf((rows: readonly WorkerRow[]): readonly FlyingRequest[] =>
  rows
    .filter(({ requests }) => requests.length > 0)
    .flatMap((row) => row.requests.map((request) => ({ row, request, key: keyOf(row, request) })))
    .sort((a, b) => (b.request.age ?? -1) - (a.request.age ?? -1)),
);

/** What a filter of the list looks at. */
export const REQUEST_SEARCH: Searched<FlyingRequest> = {
  fields: [
    { name: 'wid', kind: 'number', value: ({ row }) => row.worker.id, units: COUNT },
    { name: 'pid', kind: 'number', value: ({ row }) => row.worker.pid, units: COUNT },
    { name: 'core', kind: 'number', value: ({ request }) => request.core, units: COUNT },
    { name: 'age', kind: 'number', value: ({ request }) => request.age, units: SECONDS },
    { name: 'status', kind: 'text', values: ({ row }) => [row.condition.word] },
    { name: 'method', kind: 'text', values: ({ request }) => [request.method] },
    { name: 'peer', kind: 'text', values: ({ request }) => [request.peer] },
    { name: 'uri', kind: 'text', values: ({ request }) => [request.uri] },
  ],
  text({ row, request: { method, uri, peer } }) {
    return `worker ${row.worker.id}\n${row.worker.pid}\n${peer}\n${method} ${uri}`;
  },
};

/** The requests that pass the filter. */
export function shownRequests(model: Model): readonly FlyingRequest[] {
  return passing(allRequests(model), model.requestList.filter.text, REQUEST_SEARCH);
}

/** A line with the counts stands above the titles where there is room for both. */
export function hasCountLine({ width, height }: Pick<Model, 'width' | 'height'>): boolean {
  return width >= 60 && listRows(width, height) >= 8;
}

/** How many requests can be in sight. */
export function requestRows(model: Model): number {
  const rows = listRows(model.width, model.height);
  return hasCountLine(model) ? rows - 1 : rows;
}

/** The model with parts of its list of requests replaced. */
export function withRequests(model: Model, change: Partial<RequestList>): Model {
  return { ...model, requestList: { ...model.requestList, ...change } };
}

/** Where the marked request is among the shown ones; -1 when it ended, is hidden, or none is marked. */
export function markedIndex(model: Model, shown: readonly FlyingRequest[]): number {
  const { mark } = model.requestList;
  return mark === null ? -1 : shown.findIndex(({ key }) => key === mark.key);
}

/** Moves the mark. After its request ended it goes on from where that was seen last. */
export function movedRequests(model: Model, move: Move): Model {
  const shown = shownRequests(model);
  const page = Math.max(1, requestRows(model) - 1);
  const last = shown.length - 1;
  const steps = { up: -1, down: 1, 'page-up': -page, 'page-down': page, first: -last, last };
  const { mark } = model.requestList;
  const found = markedIndex(model, shown);
  const delta = steps[move];
  // The one below has moved up into the place of a request that ended.
  const from = found >= 0 ? found : (mark?.index ?? 0) - (delta > 0 ? 1 : 0);
  const start = mark === null && move === 'up' ? last + 1 : from;
  const wanted = move === 'first' ? 0 : move === 'last' ? last : start + delta;
  const index = Math.min(last, Math.max(0, wanted));
  const flying = shown[index];
  if (flying === undefined) return model;
  return settledRequests(withRequests(model, { mark: { key: flying.key, index } }));
}

/** Brings the window to the mark, and keeps it on the list. */
export function settledRequests(model: Model): Model {
  const shown = shownRequests(model);
  const height = requestRows(model);
  const { top, mark } = model.requestList;
  const index = markedIndex(model, shown);
  const inSight = index < 0 ? top : Math.min(index, Math.max(top, index - height + 1));
  const wanted = Math.max(0, Math.min(inSight, shown.length - height));
  const same = mark === null || index < 0 || mark.index === index;
  if (wanted === top && same) return model;
  return withRequests(model, { top: wanted, mark: same ? mark : { ...mark, index } });
}

/** Goes to the worker that serves the marked request: it is marked in the table of workers. */
export function jumped(model: Model): Model {
  const shown = shownRequests(model);
  const flying = shown[markedIndex(model, shown)];
  if (flying === undefined) {
    const text = 'mark a request first, with the arrow keys';
    return { ...model, hint: { text, at: model.now } };
  }
  const { identity } = flying.row;
  const index = visibleRows(model).findIndex((row) => isRow(row, identity));
  const selection = { identity, index: Math.max(0, index) };
  const there = settled(withTable({ ...model, screen: 'workers' }, { selection }));
  if (index >= 0) return there;
  const text = `worker ${identity.worker} is hidden by the filter: Esc clears it`;
  return { ...there, hint: { text, at: model.now } };
}
