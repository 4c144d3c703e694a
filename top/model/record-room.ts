import { listRows } from './geometry.js';
import type { Model } from './model.js';

/** From this width on the marked event stands in full beside the list of events. */
const WIDE = 150;

/** Columns of text in the dialog of a record, at most. */
const MOST_COLUMNS = 110;

/** Lines of a dialog around a record: its borders, and the line with Esc. */
const DIALOG_LINES = 3;

/** Columns of a border and a blank at each side. */
const SIDES = 4;

type Shown = Pick<Model, 'screen' | 'width' | 'height'>;

/** Whether a record stands beside the list, where Enter scrolls it, and not in a dialog over it. */
export function isRecordBeside({ screen, width }: Shown): boolean {
  return screen === 'events' && width >= WIDE;
}

/** Columns of the list of events: a record beside it has the rest, but for one between them. */
export function eventListWidth(model: Shown): number {
  return isRecordBeside(model) ? Math.floor(model.width * 0.6) : model.width;
}

/** How much of a record can be seen at a time: columns, and lines of at least one. */
export function recordRoom(model: Shown): { readonly columns: number; readonly lines: number } {
  const { width, height } = model;
  if (!isRecordBeside(model)) {
    const columns = Math.max(1, Math.min(width - 6, MOST_COLUMNS));
    return { columns, lines: Math.max(1, height - DIALOG_LINES) };
  }
  // The list has a line of titles, which is as high as one of the two borders.
  const lines = Math.max(1, listRows(width, height) - 1);
  return { columns: width - eventListWidth(model) - 1 - SIDES, lines };
}
