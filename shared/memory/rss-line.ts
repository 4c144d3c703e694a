import { floorsOf } from './floors.js';
import type { MemoryPoint } from './points.js';

/** An end of a line. */
interface End {
  readonly t: number;
  readonly value: number;
}

/**
 * The line with a slope, from the first point to the last: through the median of what the floors of
 * RSS are above it, as its slope is a median too. Null without points.
 */
export function rssLine(
  points: readonly MemoryPoint[],
  slope: number,
): readonly [from: End, to: End] | null {
  const floors = floorsOf(points, ({ rss }) => rss);
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || floors.length === 0) return null;
  const above = floors.map(({ t, value }) => value - slope * (t - first.t)).sort((a, b) => a - b);
  const start = above[Math.floor(above.length / 2)] ?? 0;
  return [
    { t: first.t, value: start },
    { t: last.t, value: start + slope * (last.t - first.t) },
  ];
}
