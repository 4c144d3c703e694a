import type { DecodedDocument } from './client-event.js';
import { changesBetween } from './event-changes.js';
import { factsOf } from './event-facts.js';
import { settledEvents } from './event-list.js';
import type { Report } from './event-source.js';
import { type HappenedEvent, logged } from './events.js';
import { documentTime, serverTime } from './currency.js';
import { type Model } from './model.js';
import { ownEvents } from './own-events.js';

/** Enters what happened from one state of the dashboard to the next into its log. */
export function recorded(after: Model, before: Model): Model {
  const found = happened(after, before);
  const events = found.length === 0 ? after.events : logged(after.events, found);
  return events === after.events ? after : settledEvents({ ...after, events });
}

function happened(after: Model, before: Model): HappenedEvent[] {
  const time = serverTime(after);
  if (time === null) return [];
  const own = ownEvents(after, before, { time, at: after.now });
  return [...told(after, before), ...own];
}

/** What a new document tells, by itself and against the one before it. */
function told(after: Model, before: Model): HappenedEvent[] {
  if (after.shown === before.shown) return [];
  const later = reportOf(after);
  if (later === null) return [];
  const earlier = reportOf(before);
  return [
    ...factsOf(later, after.events.keys),
    ...(earlier === null ? [] : changesBetween(later, earlier)),
  ];
}

function reportOf(model: Model): Report | null {
  const time = documentTime(model);
  const document: DecodedDocument | undefined = model.shown?.document;
  if (model.shown === null || time === null || document?.kind !== 'instance') return null;
  return { instance: document.instance, time, at: model.shown.at };
}
