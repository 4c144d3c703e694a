import { err, ok, type Result } from '../../shared/result.js';
import { columnWindow } from '../model/column-window.js';
import { shownEvents } from '../model/event-list.js';
import type { Model } from '../model/model.js';
import { markedIndex, shownRequests } from '../model/request-list.js';
import { sanitize } from '../model/sanitize.js';
import { rowOf } from '../model/table-state.js';
import { filledPlaces } from './columns.js';
import { recordTitle } from './events-view.js';
import type { Line } from './frame.js';
import { glyphsFor } from './glyphs.js';
import { memoryPlaces } from './memory-columns.js';
import { requestFields } from './request-list-view.js';

/** Text for the clipboard, and what it is of: `worker 3 (2 lines)`. */
export interface Copied {
  readonly text: string;
  readonly what: string;
}

/**
 * The marked line as titles and what is shown, with tabs between; of an event all that is known of
 * it. The error is why there is nothing to copy.
 */
export function copied(model: Model): Result<Copied, string> {
  if (model.screen === 'events') return eventText(model);
  return model.screen === 'requests' ? requestText(model) : workerText(model);
}

/** The lines of a text, whose every cell is safe to paste anywhere. */
function lines(name: string, rows: readonly (readonly string[])[]): Result<Copied, string> {
  const text = rows.map((row) => `${row.map((cell) => sanitize(cell)).join('\t')}\n`).join('');
  return ok({ text, what: `${name} (${rows.length} lines)` });
}

function fields(name: string, cells: readonly (readonly [string, string])[]) {
  const known = cells.filter(([title]) => title !== '');
  return lines(name, [known.map(([title]) => title), known.map(([, text]) => text.trim())]);
}

function workerText(model: Model): Result<Copied, string> {
  const { selection } = model.table;
  const row = selection === null ? null : rowOf(model, selection.identity);
  if (row === null) return err('mark a worker first, with the arrow keys');
  const glyphs = glyphsFor(model.ascii);
  const cells =
    model.screen === 'memory'
      ? memoryPlaces(model).map(
          ({ column, width }) => [column.title, lineText(column.cell(row, width))] as const,
        )
      : filledPlaces(columnWindow(model).placed).map(
          ({ column }) => [column.title, column.cell(row, glyphs).text] as const,
        );
  return fields(`worker ${row.worker.id}`, cells);
}

function lineText(line: Line): string {
  return line.map(({ text }) => text).join('');
}

function requestText(model: Model): Result<Copied, string> {
  const shown = shownRequests(model);
  const flying = shown[markedIndex(model, shown)];
  if (flying === undefined) return err('mark a request first, with the arrow keys');
  return fields('the request', requestFields(model, flying));
}

function eventText(model: Model): Result<Copied, string> {
  const { events, index } = shownEvents(model);
  const event = events[index];
  if (event === undefined) return err('there is no event to copy');
  const details = event.details.map(([label, value]) => [label, value]);
  return lines('the event', [[recordTitle(event)], [event.text], ...details]);
}
