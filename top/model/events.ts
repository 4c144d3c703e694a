/** What happened, as a list that is bounded, in the order of time, and holds nothing twice. */

export type EventKind =
  | 'spawn'
  | 'respawn'
  | 'death'
  | 'exit'
  | 'harakiri'
  | 'reload'
  | 'upgrade'
  | 'master'
  | 'tls'
  | 'queue'
  | 'task'
  | 'scale'
  | 'pause'
  | 'config'
  | 'lost'
  | 'back'
  | 'action';

/** A line of a record in full; a label that is empty goes on with the one above. */
export type Detail = readonly [label: string, value: string];

/** Something that happened. Every text in it is safe to draw. */
export interface HappenedEvent {
  /** The same for the same fact, however often a server tells it. */
  readonly key: string;
  /** Seconds since 1970 by the server's clock, so that all events have one order. */
  readonly time: number;
  /** The same on the monotonic clock, in milliseconds: where it stands in a chart. */
  readonly at: number;
  readonly kind: EventKind;
  readonly worker: number | null;
  /** One sentence without a full stop. */
  readonly text: string;
  readonly details: readonly Detail[];
  /** Whether it went wrong: what a person should read first. */
  readonly bad: boolean;
}

export interface EventLog {
  /** Oldest first; times never go back. */
  readonly events: readonly HappenedEvent[];
  readonly keys: ReadonlySet<string>;
}

export const NO_EVENTS: EventLog = { events: [], keys: new Set() };

/** How many events are remembered. */
export const EVENT_LIMIT = 1000;

/**
 * The log with more events in it, those that it has already left out. Of events at the same time
 * the later told stands last. What is older than all of a full log is not taken: it was there once.
 */
export function logged(log: EventLog, found: readonly HappenedEvent[]): EventLog {
  const fresh = [...new Map(found.map((event) => [event.key, event])).values()].filter(
    ({ key }) => !log.keys.has(key),
  );
  if (fresh.length === 0) return log;
  const all = [...log.events, ...fresh].sort((a, b) => a.time - b.time);
  const events = all.slice(-EVENT_LIMIT);
  if (events.length === log.events.length && events.every((one, at) => one === log.events[at])) {
    return log;
  }
  return { events, keys: new Set(events.map(({ key }) => key)) };
}
