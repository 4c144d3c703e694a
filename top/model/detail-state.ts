import { type Block, columnsHeight } from './block.js';
import { detailColumns } from './detail-blocks.js';
import { geometry } from './geometry.js';
import { documentTime } from './currency.js';
import { type WorkerDetail } from './list-states.js';
import { type Model } from './model.js';
import type { RowIdentity, WorkerRow } from './rows.js';
import { allRows, instanceOf, type Move, settled } from './table-state.js';
import { withoutWorkers } from './without-workers.js';

/** Lines of a title and its blocks, the line below them included. */
const LOW_CHARTS = 3;
/** The same of areas with a border. */
const TALL_CHARTS = 9;
/** Below so many lines of its own, a detail has no charts. */
const LEAST_FOR_LOW = 12;
const LEAST_FOR_TALL = 28;

/** How the lines of a detail are shared out: a title, charts, and the blocks of figures. */
export interface DetailShares {
  readonly charts: number;
  readonly blocks: number;
}

/** Columns from which on charts beside each other show anything. */
const LEAST_WIDTH = { tall: 40, low: 60 };

/** Shares out the lines between header and footer. */
export function detailShares({ width, height }: Pick<Model, 'width' | 'height'>): DetailShares {
  const { tier, header, rows } = geometry(width, height, true);
  const room = tier === 'tiny' ? Math.max(0, header - 2) : rows;
  const charts =
    room >= LEAST_FOR_TALL && width >= LEAST_WIDTH.tall
      ? TALL_CHARTS
      : room >= LEAST_FOR_LOW && width >= LEAST_WIDTH.low
        ? LOW_CHARTS
        : 0;
  return { charts, blocks: room - charts };
}

/** Opens the marked worker; whatever runs under its id is shown from then on. */
export function openDetail(model: Model): Model {
  const { selection } = model.table;
  if (selection === null || model.screen === 'detail' || model.screen === 'queue') return model;
  const detail = { opened: selection.identity, from: model.screen, top: 0, stack: null };
  return { ...model, screen: 'detail', detail };
}

/** Why no worker can be opened now; null when one can. */
export function detailRefusal(model: Model): string | null {
  const none = withoutWorkers(model.shown?.document);
  if (none !== null) return none;
  if (instanceOf(model) === null) return 'nothing is known of any worker yet';
  return model.table.selection === null ? 'mark a worker first, with the arrow keys' : null;
}

/** The row under the id that a detail is of, by whatever process; null when there is none any more. */
export function detailRow(model: Model): WorkerRow | null {
  const opened = model.detail?.opened;
  if (opened === undefined) return null;
  // uWSGI's never spawned workers all have the id 0: only their order tells them apart.
  const found = allRows(model).filter(({ identity }) => identity.worker === opened.worker);
  return found.find(({ identity }) => opened.worker > 0 || identity.nth === opened.nth) ?? null;
}

/** Back to where one came from. */
export function closedDetail(model: Model): Model {
  return settled({ ...model, screen: model.detail?.from ?? 'overview' });
}

/** The process that keys act on: that of the detail, else the marked one; null without either. */
export function targetOf(model: Model): RowIdentity | null {
  if (model.screen === 'detail') return detailRow(model)?.identity ?? null;
  return model.table.selection?.identity ?? null;
}

/** The blocks of the detail that is shown, in their columns. */
export function shownColumns(model: Model): readonly (readonly Block[])[] {
  const { detail } = model;
  const row = detailRow(model);
  if (detail === null || row === null) return [];
  const { events } = model.events;
  const source = { row, detail, events, now: model.now, time: documentTime(model) };
  return detailColumns(source, model.width);
}

/** How many lines of the longest column are not in sight. */
function hiddenLines(model: Model): number {
  return Math.max(0, columnsHeight(shownColumns(model)) - detailShares(model).blocks);
}

/** Which lines are in sight, `1-13 of 40`; empty when all of them are. */
export function linesInSight(model: Model): string {
  const hidden = hiddenLines(model);
  const { blocks } = detailShares(model);
  const top = Math.min(model.detail?.top ?? 0, hidden);
  return hidden === 0 || blocks === 0
    ? ''
    : `lines ${top + 1}-${top + blocks} of ${hidden + blocks}`;
}

/** Moves the window over the figures. */
export function movedDetail(model: Model, move: Move): Model {
  const { detail } = model;
  if (detail === null) return model;
  const hidden = hiddenLines(model);
  const page = Math.max(1, detailShares(model).blocks - 1);
  const steps = { up: -1, down: 1, 'page-up': -page, 'page-down': page };
  const from = Math.min(detail.top, hidden);
  const wanted = move === 'first' ? 0 : move === 'last' ? hidden : from + steps[move];
  return withDetail(model, { top: Math.max(0, Math.min(hidden, wanted)) });
}

/** The model with parts of its detail replaced. */
export function withDetail(model: Model, change: Partial<WorkerDetail>): Model {
  return model.detail === null ? model : { ...model, detail: { ...model.detail, ...change } };
}
