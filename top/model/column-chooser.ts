import { specsOf } from './column-choice.js';
import { COLUMN_SPECS, type ColumnId } from './column-specs.js';
import type { Model } from './model.js';
import type { Overlay } from './overlay.js';
import { withTable } from './table-state.js';

type Chooser = Extract<Overlay, { kind: 'columns' }>;

const USUAL: readonly ColumnId[] = COLUMN_SPECS.map(({ id }) => id);

/** The ids of the columns that are shown where there is room. */
export function shownColumns({ table }: Model): readonly ColumnId[] {
  return specsOf(table.columns).map(({ id }) => id);
}

/** Opens the list of all columns: those that are shown in their order, then the others. */
export function openColumns(model: Model): Model {
  const shown = shownColumns(model);
  const hidden = USUAL.filter((id) => !shown.includes(id));
  const order = model.table.columns === null ? USUAL : [...shown, ...hidden];
  return { ...model, overlay: { kind: 'columns', choice: 0, order } };
}

/** The model with these columns; all in their usual order are no choice at all. */
export function withColumns(model: Model, columns: readonly ColumnId[]): Model {
  const usual = columns.length === USUAL.length && columns.every((id, at) => id === USUAL[at]);
  return withTable(model, { columns: usual ? null : columns, left: 0 });
}

/** Shows or hides the chosen column; the last one that is shown stays. */
function switched(model: Model, { order, choice }: Chooser): Model {
  const shown = shownColumns(model);
  const id = order[choice];
  if (id === undefined) return model;
  if (shown.length === 1 && shown.includes(id)) {
    const text = 'a table needs a column: show another before you hide this one';
    return { ...model, hint: { text, at: model.now } };
  }
  const next = order.filter((each) => (each === id) !== shown.includes(each));
  return withColumns(model, next);
}

/** Moves the chosen column by one place, and the choice with it. */
function carried(model: Model, overlay: Chooser, step: 1 | -1): Model {
  const { order, choice } = overlay;
  const to = choice + step;
  const [id, other] = [order[choice], order[to]];
  if (id === undefined || other === undefined) return model;
  const next = order.map((each) => (each === id ? other : each === other ? id : each));
  const shown = shownColumns(model);
  const moved = withColumns(
    model,
    next.filter((each) => shown.includes(each)),
  );
  return { ...moved, overlay: { ...overlay, order: next, choice: to } };
}

/** A key in the chooser that is no movement of the choice and does not close it. */
export function inColumns(model: Model, overlay: Chooser, key: string): Model {
  switch (key) {
    case 'space':
    case 'enter':
      return switched(model, overlay);
    case 'left':
      return carried(model, overlay, -1);
    case 'right':
      return carried(model, overlay, 1);
    case 'd':
      return { ...withColumns(model, USUAL), overlay: { ...overlay, order: USUAL } };
    default:
      return model;
  }
}
