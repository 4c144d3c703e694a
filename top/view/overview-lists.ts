import { isOutdated, serverTime } from '../model/currency.js';
import { type Model } from '../model/model.js';
import { instanceOf } from '../model/table-state.js';
import { eventLine } from './events-view.js';
import type { Line, Panel, TextPanel } from './frame.js';
import { glyphsFor } from './glyphs.js';
import type { Layout } from './layout.js';
import { requestsView } from './requests-view.js';
import { clip, fit, linked, restyled, span } from './text.js';
import { calendarDay } from './time-of-day.js';

/** Columns between two lists side by side. */
const GAP = 2;

/** A click on the titles opens the view of all events. */
const OPENS = { kind: 'key', key: '5' } as const;

/** Below the table: what the workers do now, and what happened last. */
export function overviewLists(model: Model, { requests, events }: Layout): Panel[] {
  if (instanceOf(model) === null) return [];
  const beside = events.height > 0 && events.y === requests.y;
  const half = Math.floor((model.width - GAP) / 2);
  const left = beside ? half : model.width;
  const x = beside ? half + GAP : 0;
  const right = model.width - x;
  const { ellipsis } = glyphsFor(model.ascii);
  const panel = (place: Omit<TextPanel, 'kind' | 'lines'>, lines: readonly Line[]): Panel[] =>
    place.height <= 0
      ? []
      : [{ ...place, kind: 'text', lines: lines.map((line) => clip(line, place.width, ellipsis)) }];
  return [
    ...panel(
      { id: 'requests', x: 0, width: left, ...requests },
      requestsView(model, left, requests.height),
    ),
    ...panel(
      { id: 'newest-events', x, width: right, ...events },
      newestEvents(model, right, events.height),
    ),
  ];
}

/** The newest events, the last one at the bottom as in the list of all of them. */
function newestEvents(model: Model, width: number, height: number): Line[] {
  const { ellipsis } = glyphsFor(model.ascii);
  const title = fit('  TIME      WHAT HAPPENED, THE NEWEST LAST', width, 'left', ellipsis);
  const titles = linked([span(title, 'header')], OPENS);
  const shown = model.events.events.slice(-Math.max(0, height - 1));
  if (shown.length === 0) {
    return [titles, [span('  nothing has happened since this was opened', 'dim')]];
  }
  const now = serverTime(model);
  const today = now === null ? '' : calendarDay(now);
  const dated = shown.some(({ time }) => calendarDay(time) !== today);
  const columns = { dated, today, word: false, worker: false };
  const old = isOutdated(model);
  const lines = shown.map((event): Line => {
    const line = clip([span('  '), ...eventLine(event, columns, model.ascii)], width, ellipsis);
    return old ? restyled(line, 'dim') : line;
  });
  return [titles, ...lines];
}
