import { decodeText } from '../../shared/decode-text.js';
import { decodeValue } from '../../shared/decode-stats.js';
import type { Json } from '../../shared/delta.js';
import { isFields, numberIn, wordOf } from '../../shared/fields.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { DecodedDocument, Transport } from './client-event.js';
import { escapeJson } from './sanitize.js';

/**
 * A recording is NDJSON: each line is a document as it was served, with one member in front of it
 * that says when it arrived and how. What `--ndjson` prints is a recording too.
 */
const MEMBER = 'tsuwsgitop';

/** A line of a recording. */
export interface Recorded {
  readonly document: DecodedDocument;
  readonly stats: Json;
  readonly transport: Transport;
  /** Milliseconds since 1970. */
  readonly wallMs: number;
}

const TRANSPORTS = ['raw', 'http', 'live'] as const satisfies readonly Transport[];

/** A line, with its line feed. Null for a document that is not an object, which none is. */
export function recordingLine(given: Omit<Recorded, 'document'>): string | null {
  if (!isFields(given.stats)) return null;
  const arrival = { received_at: Math.round(given.wallMs) / 1000, transport: given.transport };
  const stats = Object.fromEntries(Object.entries(given.stats).filter(([key]) => key !== MEMBER));
  return `${escapeJson(JSON.stringify({ [MEMBER]: arrival, ...stats }))}\n`;
}

/** Reads a line; the error is the end of a sentence. Never throws. */
export function readRecordingLine(line: string): Result<Recorded, string> {
  const read = decodeText(new TextEncoder().encode(line));
  if (!read.ok) return err('is not JSON');
  const stats = read.value.value;
  const arrival: unknown = isFields(stats) ? stats[MEMBER] : undefined;
  if (!isFields(arrival)) return err(`does not say when it was read: it has no "${MEMBER}"`);
  const seconds = numberIn(arrival['received_at'], 0, Number.MAX_SAFE_INTEGER / 1000);
  const transport = wordOf(arrival['transport'], TRANSPORTS);
  if (seconds === undefined || transport === undefined) return err('has no time of arrival');
  const document = decodeValue(stats);
  if (!document.ok) return err(`holds no stats document: ${document.error.message}`);
  return ok({ document: document.value, stats, transport, wallMs: Math.round(seconds * 1000) });
}
