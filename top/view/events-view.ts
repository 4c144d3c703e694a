import { eventRows, shownEvents } from '../model/event-list.js';
import { recordLines } from '../model/event-record.js';
import type { HappenedEvent } from '../model/events.js';
import { serverTime } from '../model/currency.js';
import { type Model } from '../model/model.js';
import { calendarDay, timeOfDay } from './time-of-day.js';
import { EVENT_LOOKS, eventSign, eventStyle } from './event-looks.js';
import { recordView } from './event-dialog.js';
import type { Line, Panel } from './frame.js';
import { type Glyphs, glyphsFor } from './glyphs.js';
import type { Band } from './layout.js';
import { clip, fit, linked, padded, restyled, span } from './text.js';

/** From this width on the marked event stands in full beside the list. */
const WIDE = 150;
/** Below this width only time, sign and sentence have room. */
const NARROW = 60;
/** The marker and the space after it. */
const MARGIN = 2;
const KIND_WIDTH = 9;
const WORKER_WIDTH = 4;

/** The list of events, and on a wide terminal the marked one in full. */
export function eventPanels(model: Model, band: Band): Panel[] {
  if (band.height <= 0) return [];
  const { events, index } = shownEvents(model);
  const marked = events[index];
  const wide = model.width >= WIDE;
  const width = wide ? Math.floor(model.width * 0.6) : model.width;
  const lines = listView(model, width);
  const list: Panel = {
    ...{ kind: 'text', id: 'events', x: 0, y: band.y },
    width,
    ...high(band),
    lines,
  };
  if (!wide || marked === undefined) return [list];
  return [list, besides(model, marked, width, band)];
}

const high = ({ height }: Band): { readonly height: number } => ({ height });

function besides(model: Model, marked: HappenedEvent, left: number, band: Band): Panel {
  const width = model.width - left - 1;
  const lines = recordView(recordLines(marked, width - 4), eventStyle(marked));
  return {
    ...{ kind: 'text', id: 'event-record', x: left + 1, y: band.y, width, height: band.height },
    lines: lines.slice(0, Math.max(0, band.height - 2)).map((line) => [span(' '), ...line]),
    border: { title: recordTitle(marked), style: 'dim' },
  };
}

/** When it was and what: `2026-11-25 14:03:27  harakiri`. */
export function recordTitle({ time, kind }: HappenedEvent): string {
  return `${calendarDay(time)} ${timeOfDay(time)}  ${EVENT_LOOKS[kind].word}`;
}

/** Titles and the events in sight, the newest last. */
function listView(model: Model, width: number): readonly Line[] {
  const glyphs = glyphsFor(model.ascii);
  const { events, index } = shownEvents(model);
  const { top, mark } = model.eventList;
  const now = serverTime(model);
  const today = now === null ? '' : calendarDay(now);
  const columns = {
    dated: model.width >= NARROW && events.some(({ time }) => calendarDay(time) !== today),
    today,
    word: model.width >= NARROW,
    worker: model.width >= 100,
  };
  const state = mark === null ? 'following' : `${index + 1} of ${events.length}, End follows`;
  const titles = titleLine(columns, state, width, glyphs);
  if (events.length === 0) {
    const { text } = model.eventList.filter;
    const why =
      text === '' ? 'nothing has happened since this was opened' : `no event matches "${text}"`;
    return [titles, [], [span(`  ${why}`, 'dim')]].map((line) =>
      clip(line, width, glyphs.ellipsis),
    );
  }
  const lines = events.slice(top, top + eventRows(model)).map((event, at): Line => {
    const cells = eventLine(event, columns, model.ascii);
    const marked = top + at === index;
    const line = padded([span(marked ? `${glyphs.marker} ` : ' '.repeat(MARGIN)), ...cells], width);
    const seen = clip(marked ? restyled(line, 'selected') : line, width, glyphs.ellipsis);
    return linked(seen, { kind: 'event', key: event.key });
  });
  return [titles, ...lines];
}

/** What of an event has a column: on a narrow terminal its sentence needs the room. */
export interface EventColumns {
  /** Some event is of another day. */
  readonly dated: boolean;
  readonly today: string;
  readonly word: boolean;
  readonly worker: boolean;
}

function titleLine(
  columns: EventColumns,
  state: string,
  width: number,
  { ellipsis }: Glyphs,
): Line {
  const { dated, word, worker } = columns;
  const left = [
    'TIME'.padEnd(dated ? 14 : 8),
    (word ? 'EVENT' : '').padEnd(word ? KIND_WIDTH + 2 : 1),
    ...(worker ? ['WID'.padStart(WORKER_WIDTH)] : []),
    'WHAT HAPPENED',
  ].join('  ');
  const room = width - MARGIN - left.length - state.length - 1;
  const text = `  ${left}${room > 0 ? `${' '.repeat(room)}${state} ` : ''}`;
  return [span(fit(text, width, 'left', ellipsis), 'header')];
}

/** An event in a line: when, what kind, of whom, and its sentence. */
export function eventLine(event: HappenedEvent, columns: EventColumns, ascii: boolean): Line {
  const style = eventStyle(event);
  const day = calendarDay(event.time);
  const date = columns.dated ? (day === columns.today ? '' : day.slice(5)).padEnd(6) : '';
  const word = columns.word ? ` ${EVENT_LOOKS[event.kind].word.padEnd(KIND_WIDTH)}` : '';
  const worker = event.worker === null ? '' : String(event.worker).slice(0, WORKER_WIDTH);
  return [
    span(`${date}${timeOfDay(event.time)}  `, 'dim'),
    span(`${eventSign(event, ascii)}${word}  `, style),
    span(columns.worker ? `${worker.padStart(WORKER_WIDTH)}  ` : '', 'dim'),
    span(event.text, event.bad ? style : style === 'dim' ? 'dim' : 'normal'),
  ];
}
