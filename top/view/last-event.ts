import { duration } from '../../shared/units.js';
import type { EventKind, HappenedEvent } from '../model/events.js';
import { documentTime, serverTime } from '../model/currency.js';
import { type Model } from '../model/model.js';
import { EVENT_LOOKS, eventSign, eventStyle } from './event-looks.js';
import type { Line } from './frame.js';
import { span } from './text.js';

/** Seconds after which an event says nothing of how things stand now. */
const OLD = 3600;
/** Seconds within which it claims the eye. */
const FRESH = 60;
/** Of events so many seconds apart, the one that matters most is told: a harakiri, not the new process. */
const TOGETHER = 5;

/** What happened, in a word or two, where a sentence has no room. */
const WORDS: Readonly<Partial<Record<EventKind, string>>> = {
  respawn: 'respawned',
  death: 'died',
  master: 'new master',
  lost: 'connection lost',
  back: 'connected again',
};

/**
 * The newest event that mattered and how long ago it was, at most `width` columns; null when nothing
 * did within the last hour, or when not even its shortest form fits.
 */
export function lastEvent(model: Model, width: number): Line | null {
  // A moment of the past is told as it was then.
  const now = model.past === null ? serverTime(model) : documentTime(model);
  const event = newestOf(model.events.events);
  if (now === null || event === null) return null;
  const seconds = Math.max(0, now - event.time);
  if (seconds > OLD) return null;
  const sign = eventSign(event, model.ascii);
  const ago = ` ${duration(seconds)} ago`;
  const said = phrases(event).find((text) => sign.length + 1 + text.length + ago.length <= width);
  if (said === undefined) return null;
  const style = seconds <= FRESH ? eventStyle(event) : 'dim';
  return [span(`${sign} ${said}`, style), span(ago, 'dim')];
}

/** Those that are marked under the charts matter; of several at once the greatest. */
function newestOf(events: readonly HappenedEvent[]): HappenedEvent | null {
  const newest = events.findLast(({ kind }) => EVENT_LOOKS[kind].tick !== undefined);
  if (newest === undefined) return null;
  // A connection that is there again is not told as lost.
  const again = newest.kind === 'lost' ? events.findLast(({ kind }) => kind === 'back') : undefined;
  if (again !== undefined && again.time >= newest.time) return again;
  const rank = ({ kind }: HappenedEvent): number => EVENT_LOOKS[kind].tick?.rank ?? 0;
  let best = newest;
  for (let at = events.length - 1; at >= 0; at--) {
    const event = events[at];
    if (event === undefined || newest.time - event.time > TOGETHER) break;
    if (rank(event) > rank(best)) best = event;
  }
  return best;
}

/** The same in ever fewer words: its sentence, what comes first in it, worker and kind, the kind. */
function phrases({ kind, worker, text }: HappenedEvent): string[] {
  const word = WORDS[kind] ?? EVENT_LOOKS[kind].word;
  const first = text.split(/ · |: /, 1)[0] ?? text;
  // "worker 3 (pid 4711)" alone says nothing of what became of it.
  const clause = /^worker \d+ \(pid \d+\)$/.test(first) ? [] : [first];
  return [text, ...clause, ...(worker === null ? [] : [`worker ${worker} ${word}`]), word];
}
