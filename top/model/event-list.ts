import type { HappenedEvent } from './events.js';
import { listRows } from './geometry.js';
import type { EventList } from './list-states.js';
import type { Model } from './model.js';
import type { Move } from './table-state.js';

/** What can be seen of the log, and which of it is marked. */
export interface ShownEvents {
  readonly events: readonly HappenedEvent[];
  /** Of the marked one; -1 without any event. */
  readonly index: number;
}

/** How many events can be in sight, below a line of titles. */
export function eventRows(model: Model): number {
  return listRows(model.width, model.height);
}

/** Whether an event holds every word of the filter, in its kind, its sentence or its record. */
function matches(event: HappenedEvent, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const worker = event.worker === null ? '' : `worker ${event.worker}`;
  const record = event.details.map(([label, value]) => `${label} ${value}`);
  const text = [event.kind, worker, event.text, ...record].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The events that pass the filter, and the place of the mark among them. */
export function shownEvents(model: Model): ShownEvents {
  const { filter, mark } = model.eventList;
  const words = filter.text.toLowerCase().split(' ').filter(Boolean);
  const events = model.events.events.filter((event) => matches(event, words));
  const last = events.length - 1;
  if (mark === null) return { events, index: last };
  const found = events.findIndex(({ key }) => key === mark.key);
  return { events, index: found >= 0 ? found : Math.min(last, mark.index) };
}

/** Moves the mark: it stays with its event from then on, until the end is asked for. */
export function movedEvents(model: Model, move: Move): Model {
  if (move === 'last') return settledEvents(withList(model, { mark: null }));
  const { events, index } = shownEvents(model);
  const page = Math.max(1, eventRows(model) - 1);
  const steps = { up: -1, down: 1, 'page-up': -page, 'page-down': page, first: -events.length };
  const wanted = Math.min(events.length - 1, Math.max(0, index + steps[move]));
  const event = events[wanted];
  if (event === undefined) return model;
  return settledEvents(withList(model, { mark: { key: event.key, index: wanted } }));
}

/** The model with parts of its list of events replaced. */
export function withList(model: Model, change: Partial<EventList>): Model {
  return { ...model, eventList: { ...model.eventList, ...change } };
}

/** Brings the window to the mark, and the end of the list to the end of the window. */
export function settledEvents(model: Model): Model {
  const { events, index } = shownEvents(model);
  const height = eventRows(model);
  const { top, mark } = model.eventList;
  const inSight = Math.min(index, Math.max(top, index - height + 1));
  const wanted = Math.max(0, Math.min(inSight, events.length - height));
  const same = mark === null || mark.index === index;
  if (wanted === top && same) return model;
  return withList(model, { top: wanted, mark: same ? mark : { ...mark, index } });
}

/** Shows the marked event in full. */
export function openEvent(model: Model): Model {
  const { events, index } = shownEvents(model);
  const event = events[index];
  if (event === undefined) return model;
  return { ...model, overlay: { kind: 'event', event, scroll: 0 } };
}
