import { eventRows, shownEvents } from '../model/event-list.js';
import { recordLines } from '../model/event-record.js';
import type { HappenedEvent } from '../model/events.js';
import { serverTime } from '../model/currency.js';
import { type Model } from '../model/model.js';
import { eventListWidth, isRecordBeside, recordRoom } from '../model/record-room.js';
import { calendarDay, timeOfDay } from './time-of-day.js';
import { EVENT_LOOKS, eventSign, eventStyle } from './event-looks.js';
import { recordView } from './event-dialog.js';
import type { Line, Panel } from './frame.js';
import { type Glyphs, glyphsFor } from './glyphs.js';
import type { Band } from './layout.js';
import { clip, fit, linked, padded, restyled, span } from './text.js';

/** Below this width only time, sign and sentence have room. */
const NARROW = 60;
/** The marker and the space after it. */
const MARGIN = 2;
const KIND_WIDTH = 9;
const WORKER_WIDTH = 4;

/** The list of events, and on a wide terminal the marked one in full. */
export function eventPanels(model: Model, band: Band): Panel[] {
  if (band.height <= 0) return [];
  const width = eventListWidth(model);
  const lines = listView(model, width);
  const list: Panel = {
    ...{ kind: 'text', id: 'events', x: 0, y: band.y },
    width,
    ...high(band),
    lines,
  };
  const read = readEvent(model);
  return read === null ? [list] : [list, besides(model, read, width, band)];
}

const high = ({ height }: Band): { readonly height: number } => ({ height });

/** A record beside the list. */
interface Read {
  readonly event: HappenedEvent;
  /** The first line of it that is in sight; null while it only follows the mark. */
  readonly scroll: number | null;
}

/** What stands beside the list: the record that Enter opened, else that of the marked event. */
function readEvent(model: Model): Read | null {
  if (!isRecordBeside(model)) return null;
  const { overlay } = model;
  if (overlay.kind === 'event') return overlay;
  const { events, index } = shownEvents(model);
  const event = events[index];
  return event === undefined ? null : { event, scroll: null };
}

function besides(model: Model, { event, scroll }: Read, left: number, band: Band): Panel {
  const room = recordRoom(model);
  const all = recordView(recordLines(event, room.columns), eventStyle(event));
  const height = Math.max(0, band.height - 2);
  const from = Math.max(0, Math.min(scroll ?? 0, all.length - height));
  const lines = all.slice(from, from + height);
  const isWhole = lines.length === all.length;
  const sight = isWhole ? 'all of it' : `${from + 1} to ${from + lines.length} of ${all.length}`;
  const key = scroll === null ? 'Enter scrolls' : 'Esc closes';
  return {
    ...{ kind: 'text', id: 'event-record', x: left + 1, y: band.y },
    ...{ width: model.width - left - 1, height: band.height },
    lines: lines.map((line) => [span(' '), ...line]),
    border: {
      ...{ title: recordTitle(event), style: scroll === null ? 'dim' : 'title' },
      ...((scroll !== null || !isWhole) && { foot: [key, sight] }),
    },
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
