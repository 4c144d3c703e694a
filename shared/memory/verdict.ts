import { type Floor, floorsOf } from './floors.js';
import type { MemoryPoint } from './points.js';
import { LEAST_PLACES, type Slope, theilSen } from './theil-sen.js';

/** The words of a verdict; docs/memory.md says what each means and when it is given. */
export const VERDICTS = ['none', 'warm-up', 'suspect', 'leak'] as const;

export type Verdict = (typeof VERDICTS)[number];

/** Where memory grows: the JavaScript heap, what its objects own outside of it, or neither. */
export type Where = 'heap' | 'external' | 'native';

/** How the memory of one process goes. */
export interface Growth {
  readonly verdict: Verdict;
  /** Null without growth, and where it cannot be told. */
  readonly where: Where | null;
  /** Bytes of RSS a second; null while too little is known. */
  readonly rss: Slope | null;
  /** Bytes of RSS for a request; null without requests, or while too little is known. */
  readonly perRequest: Slope | null;
  /** Bytes of the heap a second. */
  readonly heap: Slope | null;
  /** Bytes a second, where the kernel was asked. */
  readonly pss: Slope | null;
  readonly uss: Slope | null;
}

/** Seconds: less tells nothing, whatever the window. */
export const LEAST_S = 45;
/** The share of the window, and seconds at least, over which a leak must have been seen. */
const LEAK_SHARE = 0.8;
export const LEAK_S = 90;

/** Growth below these is what measuring and collecting do by themselves. */
const LEAST_GROWTH = 1024 * 1024;
const LEAST_SHARE = 0.01;

/** A second half that grows by less of the first than this slows down; by more than that it is steady. */
const SLOWING = 0.5;
const STEADY = 0.7;

/** So many requests make a slope by requests. */
const LEAST_REQUESTS = 100;

/**
 * Judges the points of one process, oldest first.
 * @param windowS Seconds that the points were collected for: what did not grow for most of them is
 *   suspect, since a cache that fills up looks like a leak until it is full.
 */
export function growthOf(points: readonly MemoryPoint[], windowS: number): Growth {
  const floors = floorsOf(points, ({ rss }) => rss);
  const judged = judge(floors, Math.max(LEAK_S, LEAK_SHARE * windowS));
  // What grows since a warm-up is told by its own slope.
  const since = points.filter(({ t }) => t >= judged.since);
  const of = (read: (point: MemoryPoint) => number | null): Slope | null =>
    slopeOf(floorsOf(since, read));
  const heap = of((point) => point.heap);
  const external = of((point) => point.external);
  const grows = judged.verdict !== 'none' && judged.slope !== null;
  return {
    verdict: judged.verdict,
    where: grows ? whereOf(judged.slope.slope, heap, external) : null,
    rss: judged.slope,
    perRequest: judged.slope === null ? null : slopeByRequests(floorsOf(since, ({ rss }) => rss)),
    heap,
    pss: of((point) => point.pss),
    uss: of((point) => point.uss),
  };
}

interface Judged {
  readonly verdict: Verdict;
  readonly slope: Slope | null;
  /** From when on the slope was taken. */
  readonly since: number;
  /** Whether it grows as fast in its second half as in its first. */
  readonly isSteady?: boolean;
}

/** The rule of docs/memory.md; `leakS` are the seconds that a leak takes. */
function judge(floors: readonly Floor[], leakS: number): Judged {
  const since = floors[0]?.t ?? 0;
  const span = spanOf(floors);
  const slope = span < LEAST_S ? null : slopeOf(floors);
  if (slope === null) return { verdict: 'warm-up', slope: null, since };
  if (!isGrowing(floors, slope)) return { verdict: 'none', slope, since };
  const middle = since + span / 2;
  const late = floors.filter(({ t }) => t >= middle);
  switch (paceOf(slopeOf(floors.filter(({ t }) => t < middle)), slopeOf(late))) {
    case 'slows':
      return afterWarmUp(late, slope, since);
    case 'steady':
      return { verdict: span >= leakS ? 'leak' : 'suspect', slope, since, isSteady: true };
    case 'unclear':
      return { verdict: 'suspect', slope, since };
  }
}

/** How the second half of a growth goes on after the first. */
function paceOf(before: Slope | null, after: Slope | null): 'slows' | 'steady' | 'unclear' {
  if (before === null || after === null) return 'unclear';
  if (after.slope <= SLOWING * before.slope) return 'slows';
  const hadBegun = before.slope > 0 && before.slope >= SLOWING * after.slope;
  return hadBegun && after.low > 0 && after.slope >= STEADY * before.slope ? 'steady' : 'unclear';
}

/** Growth that became slower: what it is since then decides. */
function afterWarmUp(late: readonly Floor[], slope: Slope, since: number): Judged {
  // Half of what is known, and steady in itself: long enough where that is twice the least.
  const judged = judge(late, 2 * LEAK_S);
  return judged.isSteady === true ? judged : { verdict: 'warm-up', slope, since };
}

/** Whether the line rises for sure, and by more than a process does at rest. */
function isGrowing(floors: readonly Floor[], { slope, low }: Slope): boolean {
  const size = floors[0]?.value ?? 0;
  return low > 0 && slope * spanOf(floors) >= Math.max(LEAST_GROWTH, LEAST_SHARE * size);
}

function spanOf(floors: readonly Floor[]): number {
  return (floors.at(-1)?.t ?? 0) - (floors[0]?.t ?? 0);
}

function slopeOf(floors: readonly Floor[]): Slope | null {
  return theilSen(floors.map(({ t, value }) => ({ x: t, y: value })));
}

function slopeByRequests(floors: readonly Floor[]): Slope | null {
  const places = floors.flatMap(({ requests, value }) =>
    requests === null ? [] : [{ x: requests, y: value }],
  );
  const many = (places.at(-1)?.x ?? 0) - (places[0]?.x ?? 0);
  return places.length < LEAST_PLACES || many < LEAST_REQUESTS ? null : theilSen(places);
}

/** The part that grows most; with the heap alone known, no other can be told. */
function whereOf(rss: number, heap: Slope | null, external: Slope | null): Where | null {
  if (heap === null) return null;
  if (external === null) return heap.slope >= rss / 2 ? 'heap' : null;
  const parts = [
    { where: 'heap', slope: heap.slope },
    { where: 'external', slope: external.slope },
    { where: 'native', slope: rss - heap.slope - external.slope },
  ] as const;
  return parts.reduce((most, part) => (part.slope > most.slope ? part : most)).where;
}
