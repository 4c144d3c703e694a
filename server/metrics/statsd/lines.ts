import { type Buckets, since } from '../../../shared/histogram.js';
import type { StatsDocument } from '../../../shared/stats.js';
import { instanceLatency } from '../latency.js';
import { quantiles, type Reading, readings } from './rows.js';

/** What a statsd server has been told so far; empty at the start of the master. */
export interface Told {
  /** The total of each counter, up to which its deltas were sent. */
  readonly counters: ReadonlyMap<string, number>;
  readonly latency: Buckets;
}

export const NOTHING_TOLD: Told = { counters: new Map(), latency: [] };

/** One datagram, and what the server has been told once it is sent. */
export interface Datagram {
  readonly text: string;
  readonly totals: readonly (readonly [name: string, total: number])[];
}

export interface PushOptions {
  readonly prefix: string;
  /** Without them only what happened is told, not what is. */
  readonly withGauges: boolean;
}

/** Under the 1,500 bytes of an Ethernet frame with any IP header and some tunnel's. */
export const DATAGRAM_BYTES = 1400;

/**
 * What to send so that the server knows all of a document: counters as what they have grown by
 * since they were told last, gauges as they are. A counter that has not grown says nothing; one
 * that has less than before says nothing either, and counts on from there.
 */
export function datagrams(document: StatsDocument, told: Told, options: PushOptions): Datagram[] {
  const recent = since(instanceLatency(document), told.latency) ?? [];
  const all = [...readings(document), ...quantiles(recent)];
  const packed: { lines: string[]; bytes: number; totals: [string, number][] }[] = [];
  for (const reading of all) {
    const line = lineOf(reading, told, options);
    if (line === null) continue;
    let last = packed.at(-1);
    // Names are ASCII, and so a character is a byte.
    if (last === undefined || last.bytes + 1 + line.length > DATAGRAM_BYTES) {
      last = { lines: [], bytes: 0, totals: [] };
      packed.push(last);
    }
    last.bytes += line.length + (last.lines.length === 0 ? 0 : 1);
    last.lines.push(line);
    if (reading.kind === 'counter') last.totals.push([reading.name, reading.value]);
  }
  return packed.map(({ lines, totals }) => ({ text: lines.join('\n'), totals }));
}

function lineOf(reading: Reading, told: Told, options: PushOptions): string | null {
  const { kind, name, value } = reading;
  const path = `${options.prefix}.${name}`;
  if (kind === 'gauge') return options.withGauges ? `${path}:${value}|g` : null;
  const delta = value - (told.counters.get(name) ?? 0);
  return delta === 0 ? null : `${path}:${Math.max(0, delta)}|c`;
}

/** What the server has been told when these datagrams of a document have reached it. */
export function tell(told: Told, sent: readonly Datagram[], document: StatsDocument): Told {
  const counters = new Map(told.counters);
  for (const { totals } of sent) {
    for (const [name, total] of totals) counters.set(name, total);
  }
  return { counters, latency: instanceLatency(document) };
}
