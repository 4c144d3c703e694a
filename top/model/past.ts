import { arranged } from './lists.js';
import { type Model } from './model.js';
import { type Shown } from './shown.js';
import { EMPTY_HISTORY, type History, remembered, withDocument } from './series.js';
import { documentsOf, type Moment, momentsOf } from './time-ring.js';

/** Where a key leads in time: one document, or a minute. */
export type TimeMove = 'back' | 'forward' | 'minute-back' | 'minute-forward';

const MINUTE_MS = 60_000;
/** Rates, latencies and the sparks of rows are those of so many documents at most. */
const REMEMBERED = 13;

/** The model as it would be if the past were not looked at. */
export function presentOf(model: Model): Model {
  return model.past === null ? model : { ...model, ...model.past.live, past: null };
}

/** What came to pass in the present, behind a screen that goes on showing what it shows. */
export function behind(model: Model, present: Model): Model {
  if (model.past === null) return present;
  const { shown, history, events, table, eventList, requestList } = model;
  const seen = { shown, history, events, table, eventList, requestList };
  return { ...present, ...seen, past: pastOf(model, present) };
}

function pastOf({ past }: Model, { shown, history, events }: Model): Model['past'] {
  return past === null ? null : { ...past, live: { shown, history, events } };
}

/** Back to what is now. */
export function returned(model: Model): Model {
  return model.past === null ? model : arranged(presentOf(model));
}

/** Stops the screen at what it shows; while it stands still, goes on. */
export function paused(model: Model): Model {
  if (model.past !== null) return returned(model);
  const { shown, history, events } = model;
  if (shown === null) return model;
  return { ...model, past: { isPause: true, apart: null, live: { shown, history, events } } };
}

/** Shows another moment of the last hour; with the newest one behind it, what is now. */
export function scrubbed(model: Model, move: TimeMove): Model {
  if (model.shown === null) return model;
  const present = presentOf(model);
  const newest = present.shown?.at ?? model.shown.at;
  const moments = momentsOf(model.ring.value()).filter(({ at }) => at < newest);
  const index = wantedIndex(moments, model.shown.at, move);
  if (index === null) return hinted(model, 'there is nothing older in memory');
  const moment = moments[index];
  return moment === undefined ? returned(model) : shownAt(present, moments, index, moment);
}

/**
 * The place of the moment that a move leads to: null where nothing is older, the number of moments
 * where the present is next.
 */
function wantedIndex(moments: readonly Moment[], from: number, move: TimeMove): number | null {
  const firstWith = (fits: (at: number) => boolean): number => {
    const index = moments.findIndex(({ at }) => fits(at));
    return index < 0 ? moments.length : index;
  };
  const before = firstWith((at) => at >= from) - 1;
  switch (move) {
    case 'back':
      return before < 0 ? null : before;
    case 'minute-back': {
      const wanted = moments.findLastIndex(({ at }) => at <= from - MINUTE_MS);
      return before < 0 ? null : Math.max(0, wanted);
    }
    case 'forward':
      return firstWith((at) => at > from);
    case 'minute-forward':
      return firstWith((at) => at >= from + MINUTE_MS);
  }
}

/** The model as it shows one of the moments in memory. */
export function shownAt(
  present: Model,
  moments: readonly Moment[],
  index: number,
  { at }: Moment,
): Model {
  const nearby = documentsOf(moments.slice(Math.max(0, index + 1 - REMEMBERED), index + 1));
  const shown = nearby.at(-1) ?? null;
  const before = moments[index - 1];
  const events = present.events.events.filter((event) => event.at <= at);
  const past: Model['past'] = {
    isPause: false,
    apart: before === undefined ? null : at - before.at,
    live: { shown: present.shown, history: present.history, events: present.events },
  };
  return arranged({
    ...{ ...present, past, shown, hint: null },
    history: remembered(nearby.reduce(taken, EMPTY_HISTORY), moments.slice(0, index + 1)),
    events: { events, keys: new Set(events.map(({ key }) => key)) },
  });
}

function taken(history: History, { document, at }: Shown): History {
  return document.kind === 'instance'
    ? withDocument(history, at, document.instance)
    : EMPTY_HISTORY;
}

function hinted(model: Model, text: string): Model {
  return { ...model, hint: { text, at: model.now } };
}
