import type { MemoryPoint } from './points.js';

/** The lowest value of a slice of time, where it was. */
export interface Floor {
  readonly t: number;
  readonly value: number;
  readonly requests: number | null;
}

/** As many slices as a line is laid through: all pairs of them are looked at. */
const SLICES = 24;
/** Fewer points in a slice and its lowest is no floor. */
const POINTS_A_SLICE = 2;

/**
 * The lowest value of each slice of the time that is known. Between two collections garbage makes a
 * tooth above what is alive, so what remains of a process is its floor, and its peaks say only when V8
 * cared to collect. A floor stands at the moment where it was measured, or a line through floors of
 * slices that rise would lie beside the points.
 * @param read What is looked at; points of which it is null are left out.
 */
export function floorsOf(
  points: readonly MemoryPoint[],
  read: (point: MemoryPoint) => number | null,
): readonly Floor[] {
  const known = points.flatMap((point) => {
    const value = read(point);
    return value === null ? [] : [{ t: point.t, value, requests: point.requests }];
  });
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined || last.t <= first.t) return known.slice(0, 1);
  const slices = Math.max(1, Math.min(SLICES, Math.floor(known.length / POINTS_A_SLICE)));
  const width = (last.t - first.t) / slices;
  const lowest = new Map<number, Floor>();
  for (const floor of known) {
    const slice = Math.min(slices - 1, Math.floor((floor.t - first.t) / width));
    const before = lowest.get(slice);
    if (before === undefined || floor.value < before.value) lowest.set(slice, floor);
  }
  return [...lowest.values()];
}
