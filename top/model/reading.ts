import type { Json } from '../../shared/delta.js';
import type { DecodedDocument, DocumentEvent, Transport } from './client-event.js';
import { NO_RATES, type Rates } from './rates.js';
import { EMPTY_HISTORY, type History, withDocument } from './series.js';

/** One document of those that are written outside the full screen, and what is known with it. */
export interface Reading {
  /** 1 for the first. */
  readonly number: number;
  readonly document: DecodedDocument;
  readonly stats: Json;
  readonly transport: Transport;
  /** Against the reading before; nothing is claimed of the first. */
  readonly rates: Rates;
  /** Milliseconds since 1970: when it arrived. */
  readonly wallMs: number;
}

/** What is remembered from one reading to the next. */
export interface Readings {
  readonly history: History;
  readonly count: number;
  /** Monotonic milliseconds: from when on a document is the next reading. */
  readonly dueAt: number;
}

export const NO_READINGS: Readings = { history: EMPTY_HISTORY, count: 0, dueAt: -Infinity };

/** A document may come a little early: a quarter of the interval, but not more than this. */
const EARLY_MS = 250;

/**
 * Takes in a document; null where it came ahead of the interval, as the first one of a stream does
 * that follows on a poll.
 */
export function nextReading(
  before: Readings,
  event: DocumentEvent,
  { intervalMs, wallMs }: { readonly intervalMs: number; readonly wallMs: number },
): readonly [Readings, Reading] | null {
  const { at, document, transport, stats = null } = event;
  if (at < before.dueAt) return null;
  const history =
    document.kind === 'instance'
      ? withDocument(before.history, at, document.instance)
      : EMPTY_HISTORY;
  const number = before.count + 1;
  const dueAt = at + intervalMs - Math.min(EARLY_MS, intervalMs / 4);
  const rates = document.kind === 'instance' ? history.rates : NO_RATES;
  return [
    { history, count: number, dueAt },
    { number, document, stats, transport, rates, wallMs },
  ];
}

/** The server's clock when it made the document, else ours when it came: seconds since 1970. */
export function readingTime({ document, wallMs }: Reading): number {
  const told = document.kind === 'instance' ? document.instance.time : undefined;
  return told ?? wallMs / 1000;
}
