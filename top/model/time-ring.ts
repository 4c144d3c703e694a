import type { Json } from '../../shared/delta.js';
import { type PackedLines, packLines, unpackLines } from '../../shared/packed-lines.js';
import { applied, difference, type Op } from './leaf-delta.js';
import { type PutOff, putOff } from './put-off.js';
import type { Shown } from './shown.js';
import type { Point } from './series.js';

/**
 * The documents of the last hour, as small as they can be had back from: each as its difference from
 * the one before. They are kept three times, at most one a second, one in five and one in thirty
 * seconds, each time within a number of bytes of its own: with few workers an hour is there second by
 * second, with many the newest minutes are, and what is older stands further apart.
 */
export interface TimeRing {
  /** The finest first. */
  readonly tiers: readonly Tier[];
}

interface Tier {
  /** Documents closer than this, in milliseconds, are left out. */
  readonly spacing: number;
  readonly budget: number;
  /** Oldest first; never empty ones. */
  readonly segments: readonly Segment[];
  /** What the next difference is taken from; null before the first. */
  readonly last: Shown | null;
}

/** A run of documents that can be had back without any other. */
interface Segment {
  readonly entries: readonly Entry[];
  /** Of each entry the difference from the one before, as JSON; of the first one from nothing. */
  readonly texts: readonly string[] | PackedLines;
  readonly bytes: number;
  /** Of the first document, which is there whole. */
  readonly whole: number;
}

interface Entry {
  readonly at: number;
  readonly point: Point;
}

/** A moment that can be returned to. */
export interface Moment {
  /** When its document came, monotonic milliseconds. */
  readonly at: number;
  readonly point: Point;
  readonly segment: Segment;
  /** Of its entry in the segment. */
  readonly index: number;
}

/** How far back one can go. */
export const REACH_MS = 3_600_000;

/** A document may come a little early, as in a stream of one a second. */
const EARLY_MS = 250;
const MEGABYTE = 1024 * 1024;

const TIERS = [
  { spacing: 1000 - EARLY_MS, budget: 10 * MEGABYTE },
  { spacing: 5000 - EARLY_MS, budget: 4 * MEGABYTE },
  { spacing: 30_000 - EARLY_MS, budget: 4 * MEGABYTE },
] as const;

/** A segment ends with so many documents, or when they take so many times what the first takes. */
const SEGMENT = { entries: 60, growth: 1 } as const;

export const EMPTY_RING: TimeRing = {
  tiers: TIERS.map((tier) => ({ ...tier, segments: [], last: null })),
};

/** The ring before the first document. */
export const NOTHING_KEPT: PutOff<TimeRing> = putOff(() => EMPTY_RING);

/** Takes in what is shown. A clock that went back, as none of ours does, begins the ring anew. */
export function kept(ring: TimeRing, shown: Shown, point: Point): TimeRing {
  const newest = ring.tiers[0]?.last?.at ?? -Infinity;
  const { tiers } = shown.at < newest ? EMPTY_RING : ring;
  return { tiers: tiers.map((tier) => keptIn(tier, shown, point)) };
}

function keptIn(tier: Tier, shown: Shown, point: Point): Tier {
  const { last, spacing } = tier;
  if (last !== null && shown.at - last.at < spacing) return tier;
  const segments = within(tier, entered(tier, shown, point), shown.at - REACH_MS);
  return { ...tier, segments, last: shown };
}

function entered({ segments, last }: Tier, shown: Shown, point: Point): readonly Segment[] {
  const open = segments.at(-1);
  const entry: Entry = { at: shown.at, point };
  const text = (before: Json): string => difference(before, asJson(shown));
  if (open === undefined || last === null || !('length' in open.texts) || isFull(open)) {
    const first = text(null);
    const whole = bytesOf(first);
    const fresh = { entries: [entry], texts: [first], bytes: whole, whole };
    return [...segments.map(packed), fresh];
  }
  const next = text(asJson(last));
  const longer = {
    ...open,
    entries: [...open.entries, entry],
    texts: [...open.texts, next],
    bytes: open.bytes + bytesOf(next),
  };
  return [...segments.slice(0, -1), longer];
}

function isFull({ entries, bytes, whole }: Segment): boolean {
  return entries.length >= SEGMENT.entries || bytes >= (1 + SEGMENT.growth) * whole;
}

/** A segment that gets no further entries. */
function packed(segment: Segment): Segment {
  if (!('length' in segment.texts)) return segment;
  const texts = packLines(segment.texts);
  return { ...segment, texts, bytes: texts.data.length };
}

/** The segments without the oldest ones, as the budget and the reach ask; the newest stays. */
function within({ budget }: Tier, segments: readonly Segment[], since: number): readonly Segment[] {
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  let from = 0;
  for (const segment of segments.slice(0, -1)) {
    const isOld = (segment.entries.at(-1)?.at ?? since) < since;
    if (bytes <= budget && !isOld) break;
    bytes -= segment.bytes;
    from++;
  }
  return segments.slice(from);
}

/** V8 keeps a text with any character beyond Latin-1 in two bytes each. */
function bytesOf(text: string): number {
  return /^[\0-\xff]*$/.test(text) ? text.length : 2 * text.length;
}

/** A document is JSON that was decoded: only its type has to be forgotten. */
function asJson(shown: Shown): Json {
  return shown as unknown as Json;
}

/** How many bytes all texts of a ring take. */
export function ringBytes({ tiers }: TimeRing): number {
  return tiers.flatMap(({ segments }) => segments).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Every moment that can be returned to, oldest first: of each time the finest there is. */
export function momentsOf({ tiers }: TimeRing): readonly Moment[] {
  let moments: readonly Moment[] = [];
  for (const { segments } of tiers) {
    const until = moments[0]?.at ?? Infinity;
    const coarser = segments.flatMap((segment) =>
      segment.entries.map(({ at, point }, index): Moment => ({ at, point, segment, index })),
    );
    moments = [...coarser.filter(({ at }) => at < until), ...moments];
  }
  return moments;
}

/** The documents of moments that follow on one another, as they came. */
export function documentsOf(moments: readonly Moment[]): readonly Shown[] {
  const segments = [...new Set(moments.map(({ segment }) => segment))];
  return segments.flatMap((segment) => {
    const wanted = moments.filter((moment) => moment.segment === segment);
    return restored(
      segment,
      wanted.map(({ index }) => index),
    );
  });
}

function restored({ texts }: Segment, wanted: readonly number[]): Shown[] {
  const found: Shown[] = [];
  let document: Json = null;
  const lines = 'length' in texts ? texts : unpackLines(texts);
  for (const [index, text] of lines.slice(0, Math.max(...wanted) + 1).entries()) {
    document = applied(document, JSON.parse(text) as Op);
    if (wanted.includes(index)) found.push(document as unknown as Shown);
  }
  return found;
}
