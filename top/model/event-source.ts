import type { DecodedInstance } from '../../shared/stats.js';
import { bytes } from '../../shared/units.js';
import type { Detail, HappenedEvent } from './events.js';
import { sanitizeShort } from './sanitize.js';

/** A document, and when it was made and arrived. */
export interface Report {
  readonly instance: DecodedInstance;
  /** Seconds since 1970 by the server's clock. */
  readonly time: number;
  /** Monotonic milliseconds. */
  readonly at: number;
}

/** Both clocks at one moment. */
export type Moment = Pick<Report, 'time' | 'at'>;

/** An event before it has its place on both clocks; absent is nothing, nobody and not bad. */
export interface Told extends Pick<HappenedEvent, 'key' | 'kind' | 'text'> {
  /** Seconds since 1970; 0 or absent when only the moment of the telling is known. */
  readonly time?: number;
  readonly worker?: number;
  readonly details?: readonly Detail[];
  readonly bad?: boolean;
}

/** The end of a second, in which what is told in whole seconds is put: no effect is before its cause. */
const LATE = 0.999;

/** Places an event. Nothing that is told happens after its telling, or before 1970. */
export function eventAt(moment: Moment, told: Told): HappenedEvent {
  const now = Number.isFinite(moment.time) ? Math.max(0, moment.time) : 0;
  const { time = 0 } = told;
  const late = Number.isInteger(time) ? time + LATE : time;
  const known = Number.isFinite(time) && time > 0 ? Math.min(late, now) : now;
  return {
    key: told.key,
    time: known,
    at: moment.at - (now - known) * 1000,
    kind: told.kind,
    worker: told.worker ?? null,
    text: sanitizeShort(told.text, 400),
    details: (told.details ?? []).map(([label, value]) => [label, sanitizeShort(value)]),
    bad: told.bad ?? false,
  };
}

/** `3 workers`, `1 worker`. */
export function plural(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** Bytes for a record; a dash when nobody measured them. */
export function size(value: number | undefined): string {
  return value === undefined || value <= 0 ? '–' : bytes(value);
}

/** A block of lines under one label; without any line a word that says so. */
export function block(label: string, lines: readonly string[], none: string): Detail[] {
  if (lines.length === 0) return [[label, none]];
  return lines.map((line, index): Detail => [index === 0 ? label : '', line]);
}
